/// The values of one column of a batch. The array must outlive the view; `row` is below `rowCount`, and a
/// reader asks only for what the kind holds.
@frozen
public struct ColumnView {
    public let kind: ColumnKind
    @usableFromInline let isAllNull: Bool
    public let rowCount: Int
    /// Nulls among the rows; nil where nobody has counted them.
    public let nullCount: Int?
    /// One bit a row, set where there is a value, counted from `bitOffset`; nil where no row is null.
    public let validity: UnsafePointer<UInt8>?
    /// The bit of the first row in `validity` and in the values of a bool.
    public let bitOffset: Int
    /// The first row's value; the bits of a bool from their beginning; offsets of 32 bits into `data`.
    public let values: UnsafeRawPointer
    /// The bytes that the offsets of utf8, binary and json count.
    public let data: UnsafePointer<UInt8>

    init(
        _ pointer: UnsafePointer<ArrowArray>, _ column: ColumnDescription, start: Int, rowCount: Int
    ) throws(BatchError) {
        let array = pointer.pointee
        func broken(_ what: String) -> BatchError {
            BatchError(column: column.name, "The column \"\(column.name)\" \(what).")
        }
        guard array.offset >= 0, array.offset <= Int64(1) << 40, start <= 1 << 40,
            array.length >= start + rowCount
        else {
            throw broken("has \(array.length) rows from \(array.offset) on, and needs \(start + rowCount)")
        }
        let first = Int(array.offset) + start
        kind = column.kind
        isAllNull = column.kind == .null
        self.rowCount = rowCount
        bitOffset = first
        let layout = kind.layout
        let bufferCount =
            switch layout {
            case .none: 0
            case .bits, .fixed: 2
            case .variable: 3
            }
        guard array.n_buffers >= bufferCount, bufferCount == 0 || array.buffers != nil else {
            throw broken("has \(array.n_buffers) buffers, and needs \(bufferCount)")
        }
        let isWhole = start == 0 && Int(array.length) == rowCount
        nullCount = isWhole && array.null_count >= 0 ? Int(array.null_count) : nil
        validity =
            bufferCount == 0 || array.null_count == 0
            ? nil : array.buffers[0]?.assumingMemoryBound(to: UInt8.self)
        let zeros = Self.zeros
        guard bufferCount > 0 else {
            values = zeros
            data = zeros.assumingMemoryBound(to: UInt8.self)
            return
        }
        guard rowCount == 0 || array.buffers[1] != nil else { throw broken("has rows but no values") }
        switch layout {
        case .fixed(let width): values = array.buffers[1].map { $0 + first * width } ?? zeros
        case .variable:
            values = rowCount == 0 ? zeros : array.buffers[1].map { $0 + first * 4 } ?? zeros
        default: values = array.buffers[1] ?? zeros
        }
        data =
            (bufferCount < 3 ? nil : array.buffers[2]).map { $0.assumingMemoryBound(to: UInt8.self) }
            ?? zeros.assumingMemoryBound(to: UInt8.self)
    }

    // Never written and never freed.
    nonisolated(unsafe) private static let zeros: UnsafeRawPointer = {
        let zeros = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        zeros.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
        return UnsafeRawPointer(zeros)
    }()

    @inlinable
    @inline(__always)
    public func isNull(_ row: Int) -> Bool {
        guard let validity else { return isAllNull }
        let bit = bitOffset &+ row
        return validity[bit >> 3] >> UInt8(truncatingIfNeeded: bit & 7) & 1 == 0
    }

    /// Whether `isNull` can be true at all.
    @inlinable public var mayHaveNulls: Bool { validity != nil || isAllNull }

    /// The value of a fixed-width column; `T` must have the kind's width.
    @inlinable
    @inline(__always)
    public func fixed<T: BitwiseCopyable>(_ row: Int, as type: T.Type) -> T {
        values.loadUnaligned(fromByteOffset: row &* MemoryLayout<T>.size, as: T.self)
    }

    @inlinable
    @inline(__always)
    public func bool(_ row: Int) -> Bool {
        let bit = bitOffset &+ row
        return values.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(truncatingIfNeeded: bit & 7) & 1
            == 1
    }

    /// The value of an integer (uint64 above Int64.max wraps: use `uint64`), date or time; else 0.
    @inlinable
    public func int64(_ row: Int) -> Int64 {
        switch kind {
        case .int64, .time64, .timestamp, .uint64: fixed(row, as: Int64.self)
        case .int32, .date32: Int64(fixed(row, as: Int32.self))
        case .int16: Int64(fixed(row, as: Int16.self))
        case .int8: Int64(fixed(row, as: Int8.self))
        case .uint32: Int64(fixed(row, as: UInt32.self))
        case .uint16: Int64(fixed(row, as: UInt16.self))
        case .uint8: Int64(fixed(row, as: UInt8.self))
        default: 0
        }
    }

    @inlinable
    public func uint64(_ row: Int) -> UInt64 { UInt64(truncatingIfNeeded: int64(row)) }

    /// The value of a float, or of an integer as the nearest double.
    @inlinable
    public func double(_ row: Int) -> Double {
        switch kind {
        case .float64: fixed(row, as: Double.self)
        case .float32: Double(fixed(row, as: Float.self))
        case .uint64: Double(uint64(row))
        default: Double(int64(row))
        }
    }

    /// The value of decimal128 without its point.
    @inlinable
    public func decimal(_ row: Int) -> Int128 {
        // Arrow aligns to 8, Int128 to 16.
        let low = values.loadUnaligned(fromByteOffset: row &* 16, as: UInt64.self)
        let high = values.loadUnaligned(fromByteOffset: row &* 16 &+ 8, as: Int64.self)
        return Int128(high) << 64 | Int128(low)
    }

    /// Where the bytes of a row of utf8, binary or json stand in `data`.
    @inlinable
    @inline(__always)
    public func range(_ row: Int) -> (start: Int, end: Int) {
        let start = values.loadUnaligned(fromByteOffset: row &* 4, as: Int32.self)
        let end = values.loadUnaligned(fromByteOffset: row &* 4 &+ 4, as: Int32.self)
        return (Int(start), Int(end))
    }

    /// The bytes of a row of utf8, binary or json.
    @inlinable
    @inline(__always)
    public func bytes(_ row: Int) -> UnsafeRawBufferPointer {
        let (start, end) = range(row)
        return UnsafeRawBufferPointer(start: data + start, count: end &- start)
    }

    /// The text of a row of utf8 or json.
    public func string(_ row: Int) -> String { String(decoding: bytes(row), as: UTF8.self) }
}
