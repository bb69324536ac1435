/// Writes the values of some columns in a row as bytes that are equal exactly for equal values: -0.0 equals
/// 0.0, and for grouping all NaNs are one value. Each value begins with whether there is one.
struct RowKey {
    private struct Part {
        let values: UnsafeRawPointer
        let validity: UnsafeRawPointer?
        let data: UnsafeRawPointer
        let kind: Kind
    }
    private enum Kind {
        case none, bits, float32, float64, variable
        case fixed(Int)
    }

    private let parts: [Part]
    private(set) var bytes: [UInt8] = []

    /// The columns must live as long as this.
    init(_ columns: [Column]) {
        parts = columns.map { column in
            let kind: Kind =
                switch column.type.layout {
                case .none: .none
                case .bits: .bits
                case .fixed(let width):
                    column.type == .float32 ? .float32 : column.type == .float64 ? .float64 : .fixed(width)
                case .variable: .variable
                }
            return Part(
                values: column.values.pointer, validity: column.validity?.pointer,
                data: (column.data ?? .zeros).pointer, kind: kind)
        }
    }

    /// The key of `row` after `prefix`.
    mutating func make(_ row: Int, prefix: Int32? = nil) {
        bytes.removeAll(keepingCapacity: true)
        if let prefix { append(prefix) }
        for part in parts {
            if let validity = part.validity, !Bits.isSet(validity, row) {
                bytes.append(0)
            } else {
                append(part, row)
            }
        }
    }

    private mutating func append(_ part: Part, _ row: Int) {
        if case .none = part.kind { return bytes.append(0) }
        bytes.append(1)
        switch part.kind {
        case .none: break
        case .bits: bytes.append(Bits.isSet(part.values, row) ? 1 : 0)
        case .float32:
            append(Self.canonical(Double(part.values.load(fromByteOffset: row * 4, as: Float.self))))
        case .float64: append(Self.canonical(part.values.load(fromByteOffset: row * 8, as: Double.self)))
        case .fixed(let width):
            bytes.append(contentsOf: UnsafeRawBufferPointer(start: part.values + row * width, count: width))
        case .variable:
            let offsets = part.values.assumingMemoryBound(to: Int32.self)
            let count = offsets[row + 1] - offsets[row]
            append(count)
            bytes.append(
                contentsOf: UnsafeRawBufferPointer(start: part.data + Int(offsets[row]), count: Int(count)))
        }
    }

    private mutating func append<T: BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    /// The same bits for values that are grouped together.
    @inline(__always)
    static func canonical(_ value: Double) -> UInt64 {
        if value == 0 { return 0 }
        return value.isNaN ? Double.nan.bitPattern : value.bitPattern
    }
}
