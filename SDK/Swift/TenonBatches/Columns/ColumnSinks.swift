/// Writes values to a column without any check; the writer has reserved the room. Lives only inside
/// `ColumnWriter.withTextSink`.
@frozen
public struct TextSink {
    /// Where all bytes of the column begin.
    public let data: UnsafeMutablePointer<UInt8>
    /// Bytes so far.
    public var count: Int
    /// Where the end of the next row is to be written.
    public var offsets: UnsafeMutablePointer<Int32>
    /// The rows so far, and how many of them are null.
    public var row: Int
    public var nullCount: Int
    @usableFromInline let validity: UnsafeMutablePointer<UInt8>

    @inlinable
    init(_ memory: UnsafeMutablePointer<ColumnMemory>) {
        data = memory.pointee.data
        count = memory.pointee.dataCount
        row = memory.pointee.rowCount
        offsets = memory.pointee.values.assumingMemoryBound(to: Int32.self) + row + 1
        nullCount = memory.pointee.nullCount
        validity = memory.pointee.validity
    }

    /// Where the next value's bytes go. Up to 16 bytes more than reserved may be overwritten.
    @inlinable
    @inline(__always)
    public var end: UnsafeMutablePointer<UInt8> { data + count }

    /// Ends a row whose `byteCount` bytes were written at `end`.
    @inlinable
    @inline(__always)
    public mutating func finishRow(_ byteCount: Int) {
        count &+= byteCount
        offsets.pointee = Int32(truncatingIfNeeded: count)
        offsets += 1
        row &+= 1
    }

    @inlinable
    @inline(__always)
    public mutating func append(_ source: UnsafePointer<UInt8>, _ byteCount: Int) {
        UnsafeMutableRawPointer(end).copyMemory(from: source, byteCount: byteCount)
        finishRow(byteCount)
    }

    @inlinable
    @inline(__always)
    public mutating func appendNull() {
        validity[row >> 3] &= ~(1 << UInt8(truncatingIfNeeded: row & 7))
        nullCount &+= 1
        finishRow(0)
    }
}

/// Writes values of a fixed width to a column without any check; the writer has reserved the room. Lives only
/// inside `ColumnWriter.withFixedSink`.
@frozen
public struct FixedSink<Value: BitwiseCopyable> {
    /// Where the next value goes.
    public var next: UnsafeMutablePointer<Value>
    public var row: Int
    public var nullCount: Int
    @usableFromInline let validity: UnsafeMutablePointer<UInt8>

    @inlinable
    init(_ memory: UnsafeMutablePointer<ColumnMemory>) {
        row = memory.pointee.rowCount
        next = memory.pointee.values.assumingMemoryBound(to: Value.self) + row
        nullCount = memory.pointee.nullCount
        validity = memory.pointee.validity
    }

    @inlinable
    @inline(__always)
    public mutating func append(_ value: Value) {
        next.pointee = value
        next += 1
        row &+= 1
    }

    /// Appends a null whose place holds `value`.
    @inlinable
    @inline(__always)
    public mutating func appendNull(_ value: Value) {
        validity[row >> 3] &= ~(1 << UInt8(truncatingIfNeeded: row & 7))
        nullCount &+= 1
        append(value)
    }
}

extension ColumnWriter {
    /// Appends to utf8, binary or json without checks. The caller reserved room for all rows and bytes that
    /// `body` appends; it must not use the writer itself meanwhile.
    @inlinable
    @inline(__always)
    public func withTextSink<Result, Failure: Error>(
        _ body: (inout TextSink) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var sink = TextSink(memory)
        defer {
            memory.pointee.rowCount = sink.row
            memory.pointee.nullCount = sink.nullCount
            memory.pointee.dataCount = sink.count
        }
        return try body(&sink)
    }

    /// Appends values of the kind's own width without checks, as `withTextSink`.
    @inlinable
    @inline(__always)
    public func withFixedSink<Value: BitwiseCopyable, Result, Failure: Error>(
        of type: Value.Type, _ body: (inout FixedSink<Value>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var sink = FixedSink<Value>(memory)
        defer {
            memory.pointee.rowCount = sink.row
            memory.pointee.nullCount = sink.nullCount
        }
        return try body(&sink)
    }
}
