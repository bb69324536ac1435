/// Gathers the values of one column in Arrow's layout.
///
/// The `append` functions check room and type. Loops over many values reserve room once and write through a
/// sink (`withTextSink`, `withFixedSink`), which checks nothing.
public final class ColumnWriter {
    public let kind: ColumnKind
    // Its own allocation, so that loops need neither exclusivity checks nor reference counts.
    @usableFromInline let memory: UnsafeMutablePointer<ColumnMemory>

    public init(_ kind: ColumnKind) {
        self.kind = kind
        memory = .allocate(capacity: 1)
        memory.initialize(to: ColumnMemory(kind.layout))
    }

    deinit {
        memory.pointee.free()
        memory.deallocate()
    }

    @inlinable public var rowCount: Int { memory.pointee.rowCount }
    @inlinable public var nullCount: Int { memory.pointee.nullCount }

    /// The bytes gathered so far.
    @inlinable public var byteCount: Int {
        let rows = memory.pointee.rowCount
        return memory.pointee.valuesByteCount(rows) + memory.pointee.dataCount
            + (memory.pointee.nullCount > 0 ? (rows + 7) >> 3 : 0)
    }

    /// Makes room for that many more rows and, in utf8, binary and json, for that many more bytes together.
    /// False where the column would pass 2 GiB of bytes.
    @inlinable
    @discardableResult
    public func reserve(rows: Int, bytes: Int = 0) -> Bool {
        if memory.pointee.rowCount &+ rows > memory.pointee.rowCapacity { memory.pointee.growRows(rows) }
        guard memory.pointee.dataCount &+ bytes <= Int(Int32.max) else { return false }
        if memory.pointee.dataCount &+ bytes > memory.pointee.dataCapacity { memory.pointee.growData(bytes) }
        return true
    }

    // MARK: Values

    @inlinable
    public func appendNull() {
        reserve(rows: 1)
        let row = memory.pointee.rowCount
        switch memory.pointee.layout {
        case .bits, .none: break
        case .fixed(let width):
            let value = memory.pointee.values + row * width
            value.initializeMemory(as: UInt8.self, repeating: 0, count: width)
        case .variable:
            memory.pointee.values.storeBytes(
                of: Int32(truncatingIfNeeded: memory.pointee.dataCount), toByteOffset: (row + 1) * 4,
                as: Int32.self)
        }
        memory.pointee.clearValidity(row)
        memory.pointee.rowCount = row + 1
    }

    /// Appends a value of the kind's own width; `T` must have it.
    @inlinable
    @inline(__always)
    public func append<T: BitwiseCopyable>(fixed value: T) {
        reserve(rows: 1)
        let row = memory.pointee.rowCount
        memory.pointee.values.storeBytes(of: value, toByteOffset: row * MemoryLayout<T>.size, as: T.self)
        memory.pointee.rowCount = row + 1
    }

    /// Appends to integers, dates and times; false where the value does not fit.
    @inlinable
    @discardableResult
    public func append(int64 value: Int64) -> Bool {
        switch kind {
        case .int64, .time64, .timestamp: append(fixed: value)
        case .int32, .date32: return append(exactly: Int32(exactly: value))
        case .int16: return append(exactly: Int16(exactly: value))
        case .int8: return append(exactly: Int8(exactly: value))
        case .uint64: return append(exactly: UInt64(exactly: value))
        case .uint32: return append(exactly: UInt32(exactly: value))
        case .uint16: return append(exactly: UInt16(exactly: value))
        case .uint8: return append(exactly: UInt8(exactly: value))
        default: return false
        }
        return true
    }

    /// As `append(int64:)`, for values beyond it.
    @inlinable
    @discardableResult
    public func append(uint64 value: UInt64) -> Bool {
        if let value = Int64(exactly: value) { return append(int64: value) }
        guard kind == .uint64 else { return false }
        append(fixed: value)
        return true
    }

    @inlinable
    @inline(__always)
    func append<T: BitwiseCopyable>(exactly value: T?) -> Bool {
        guard let value else { return false }
        append(fixed: value)
        return true
    }

    /// Appends to floats, rounded in float32; false in other kinds, and where a number would become infinite.
    @inlinable
    @discardableResult
    public func append(double value: Double) -> Bool {
        switch kind {
        case .float64: append(fixed: value)
        case .float32:
            let rounded = Float(value)
            guard rounded.isFinite || !value.isFinite else { return false }
            append(fixed: rounded)
        default: return false
        }
        return true
    }

    /// Appends to bool; false in other kinds.
    @inlinable
    @discardableResult
    public func append(bool value: Bool) -> Bool {
        guard kind == .bool else { return false }
        reserve(rows: 1)
        let row = memory.pointee.rowCount
        if value {
            let byte = memory.pointee.values + row >> 3
            byte.storeBytes(
                of: byte.load(as: UInt8.self) | 1 << UInt8(truncatingIfNeeded: row & 7), as: UInt8.self)
        }
        memory.pointee.rowCount = row + 1
        return true
    }

    /// Appends `unscaled / 10^scale` to decimal128; false in other kinds and beyond the precision.
    @inlinable
    @discardableResult
    public func append(decimal unscaled: Int128) -> Bool {
        guard case .decimal128(let precision, _) = kind, Self.fits(unscaled, precision) else { return false }
        append(fixed: unscaled)
        return true
    }

    @usableFromInline
    static func fits(_ unscaled: Int128, _ precision: Int) -> Bool {
        unscaled.magnitude < (0..<precision).reduce(into: UInt128(1)) { power, _ in power *= 10 }
    }

    /// Appends to utf8 (valid UTF-8 only), binary and json; false in other kinds, and where the column would
    /// pass 2 GiB.
    @inlinable
    @discardableResult
    public func append(bytes: UnsafeRawBufferPointer) -> Bool {
        guard memory.pointee.layout == .variable, reserve(rows: 1, bytes: bytes.count) else { return false }
        let row = memory.pointee.rowCount
        let end = memory.pointee.dataCount
        if let source = bytes.baseAddress {
            UnsafeMutableRawPointer(memory.pointee.data + end).copyMemory(
                from: source, byteCount: bytes.count)
        }
        memory.pointee.dataCount = end + bytes.count
        memory.pointee.values.storeBytes(
            of: Int32(truncatingIfNeeded: end + bytes.count), toByteOffset: (row + 1) * 4, as: Int32.self)
        memory.pointee.rowCount = row + 1
        return true
    }

    /// Appends the UTF-8 of `text`, as `append(bytes:)`.
    @inlinable
    @discardableResult
    public func append(text: String) -> Bool {
        var text = text
        return text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Takes back the rows from `row` on.
    public func truncate(to row: Int) {
        let last = rowCount
        guard row >= 0, row < last else { return }
        let isBits = memory.pointee.layout == .bits
        for index in row..<last {
            let bit = UInt8(1) << UInt8(truncatingIfNeeded: index & 7)
            if memory.pointee.validity[index >> 3] & bit == 0 {
                memory.pointee.validity[index >> 3] |= bit
                memory.pointee.nullCount -= 1
            }
            if isBits {
                let byte = memory.pointee.values + index >> 3
                byte.storeBytes(of: byte.load(as: UInt8.self) & ~bit, as: UInt8.self)
            }
        }
        if memory.pointee.layout == .variable {
            memory.pointee.dataCount = Int(
                memory.pointee.values.load(fromByteOffset: row * 4, as: Int32.self))
        }
        memory.pointee.rowCount = row
    }
}
