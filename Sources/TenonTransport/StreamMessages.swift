package import TenonModel

extension BodyWriter {
    /// Records that were refused: count, then row, status, reason and record of each.
    package mutating func put(_ records: [RejectedRecord]) {
        put(UInt32(records.count))
        for record in records {
            put(record.row)
            put(record.status.rawValue)
            put(text: record.reason)
            put(text: record.record)
        }
    }
}

extension BodyReader {
    package mutating func rejectedRecords() throws(ProtocolViolation) -> [RejectedRecord] {
        let count = Int(try integer(UInt32.self))
        guard count <= remainingCount else { throw .itemCount }
        var records: [RejectedRecord] = []
        for _ in 0..<count {
            let row = try integer(Int64.self)
            let status = CallStatus(code: try integer(Int32.self))
            guard row >= 0 else { throw .rejectedRow }
            records.append(RejectedRecord(row: row, status: status, reason: try text(), record: try text()))
        }
        return records
    }
}

/// Where a batch lies in a ring: position, bytes taken in the ring (a multiple of 8), bytes that count.
package struct RingMessage: Sendable, Equatable {
    package var position: UInt64
    package var byteCount: UInt64
    package var contentByteCount: UInt64

    package init(reading body: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        var reader = BodyReader(body)
        position = try reader.integer(UInt64.self)
        byteCount = try reader.integer(UInt64.self)
        contentByteCount = try reader.integer(UInt64.self)
        guard contentByteCount <= byteCount else { throw .ringLength }
        try reader.finish()
    }
}

/// A line on the log pipe, little-endian: size of what follows (2), level (1), lines dropped before (8), size
/// of the message (2), message, fields. At most 4,096 bytes, so that the kernel writes it whole.
package enum LogRecord {
    package static let maxBytes = 4096
    package static let headerBytes = 13

    package static func encode(level: UInt32, message: String, fields: String, dropped: UInt64) -> [UInt8] {
        let text = Array(message.utf8.prefix(2048))
        let facts = Array(fields.utf8.prefix(maxBytes - headerBytes - text.count))
        var bytes: [UInt8] = []
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        put(UInt16(headerBytes - 2 + text.count + facts.count))
        put(UInt8(truncatingIfNeeded: level))
        put(dropped)
        put(UInt16(text.count))
        return bytes + text + facts
    }

    package struct Decoded: Equatable, Sendable {
        package var level: UInt8
        package var dropped: UInt64
        package var message: String
        package var fields: String
    }

    /// The first record of `bytes` and its size; nil while it is incomplete.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) -> (Decoded, Int)? {
        guard bytes.count >= 2 else { return nil }
        let size = Int(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
        guard size >= headerBytes - 2, size + 2 <= maxBytes else { throw .logContent }
        guard bytes.count >= size + 2 else { return nil }
        let level = bytes[2]
        let dropped = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 3, as: UInt64.self))
        let messageSize = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt16.self)))
        guard level <= 4, messageSize <= size + 2 - headerBytes else { throw .logContent }
        let message = bytes[headerBytes..<(headerBytes + messageSize)]
        let fields = bytes[(headerBytes + messageSize)..<(size + 2)]
        let decoded = Decoded(
            level: level, dropped: dropped, message: String(decoding: message, as: UTF8.self),
            fields: String(decoding: fields, as: UTF8.self))
        return (decoded, size + 2)
    }
}
