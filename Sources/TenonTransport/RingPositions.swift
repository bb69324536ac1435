/// Where messages lie in a ring of shared memory, seen by its consumer.
///
/// Positions count bytes since the ring began and only grow; a message never wraps: what does not fit before
/// the end begins at the next multiple of the capacity. The producer is not trusted: every position is
/// checked against what this side has seen and freed.
package struct RingConsumer: Sendable {
    package let capacity: UInt64
    /// The end of the last message taken.
    private var taken: UInt64 = 0
    /// What the producer was told to be free.
    private var freed: UInt64 = 0

    package init(capacity: Int) { self.capacity = UInt64(capacity) }

    /// Checks a message and answers its byte range in the memory.
    package mutating func take(position: UInt64, byteCount: UInt64) throws(ProtocolViolation) -> Range<Int> {
        guard byteCount > 0, byteCount <= capacity else { throw .ringLength }
        let offset = taken % capacity
        let expected = offset + byteCount <= capacity ? taken : taken - offset + capacity
        guard position == expected else { throw .ringPosition }
        guard position + byteCount - freed <= capacity else { throw .ringLength }
        taken = position + byteCount
        let start = Int(position % capacity)
        return start..<(start + Int(byteCount))
    }

    /// Frees everything taken; answers the position to tell the producer.
    package mutating func free() -> UInt64 {
        freed = taken
        return freed
    }
}

/// The producing side of a ring.
package struct RingProducer: Sendable {
    package let capacity: UInt64
    private var written: UInt64 = 0
    private var freed: UInt64 = 0

    package init(capacity: Int) { self.capacity = UInt64(capacity) }

    /// Where a message of `byteCount` goes, or nil while there is no room. Multiples of 8 keep messages
    /// aligned.
    package func room(for byteCount: Int) -> (position: UInt64, range: Range<Int>)? {
        let count = UInt64(byteCount)
        let offset = written % capacity
        let position = offset + count <= capacity ? written : written - offset + capacity
        guard count <= capacity, position + count - freed <= capacity else { return nil }
        let start = Int(position % capacity)
        return (position, start..<(start + byteCount))
    }

    /// The message at `position` was written.
    package mutating func commit(position: UInt64, byteCount: Int) { written = position + UInt64(byteCount) }

    /// The consumer is done up to `position`.
    package mutating func free(upTo position: UInt64) throws(ProtocolViolation) {
        guard position >= freed, position <= written else { throw .ringPosition }
        freed = position
    }
}
