/// The types of columns inside the host; sources' other types are turned into these at the border.
package enum ColumnType: Hashable, Sendable {
    case bool
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float32, float64
    case decimal128(precision: Int, scale: Int)
    case utf8
    case binary
    /// Days since 1970-01-01.
    case date32
    /// Microseconds since midnight.
    case time64
    /// Microseconds since 1970-01-01; without a zone where `isUTC` is false.
    case timestamp(isUTC: Bool)
    /// Nothing but nulls; no buffers.
    case null
    /// The layout of `utf8`, one JSON text a value.
    case json
}

/// How a column's values lie in memory.
package enum ColumnLayout: Sendable, Equatable {
    case bits
    case fixed(width: Int)
    /// Offsets of 32 bits into `data`.
    case variable
    case none
}

extension ColumnType {
    package var layout: ColumnLayout {
        switch self {
        case .bool: .bits
        case .int8, .uint8: .fixed(width: 1)
        case .int16, .uint16: .fixed(width: 2)
        case .int32, .uint32, .float32, .date32: .fixed(width: 4)
        case .int64, .uint64, .float64, .time64, .timestamp: .fixed(width: 8)
        case .decimal128: .fixed(width: 16)
        case .utf8, .binary, .json: .variable
        case .null: .none
        }
    }

    package var isInteger: Bool { isSignedInteger || isUnsignedInteger }
    package var isSignedInteger: Bool {
        switch self {
        case .int8, .int16, .int32, .int64: true
        default: false
        }
    }
    package var isUnsignedInteger: Bool {
        switch self {
        case .uint8, .uint16, .uint32, .uint64: true
        default: false
        }
    }
    package var isFloat: Bool { self == .float32 || self == .float64 }
    package var isNumeric: Bool {
        if case .decimal128 = self { return true }
        return isInteger || isFloat
    }

    /// The name in schemas written as JSON: `int64`, `decimal128(10, 2)`, `timestamp(us, UTC)`.
    package var name: String {
        switch self {
        case .decimal128(let precision, let scale): "decimal128(\(precision), \(scale))"
        case .time64: "time64(us)"
        case .timestamp(let isUTC): isUTC ? "timestamp(us, UTC)" : "timestamp(us)"
        case .bool: "bool"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .uint16: "uint16"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .float32: "float32"
        case .float64: "float64"
        case .utf8: "utf8"
        case .binary: "binary"
        case .date32: "date32"
        case .null: "null"
        case .json: "json"
        }
    }

    private static let byName: [String: ColumnType] = {
        let types: [ColumnType] = [
            .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64,
            .utf8,
            .binary, .date32, .null, .json,
        ]
        var byName = Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) })
        let aliases: [String: ColumnType] = [
            "time64": .time64, "time64(us)": .time64, "timestamp": .timestamp(isUTC: false),
            "timestamp(us)": .timestamp(isUTC: false), "timestamp(us,utc)": .timestamp(isUTC: true),
            "timestamp(utc)": .timestamp(isUTC: true), "boolean": .bool, "string": .utf8, "large_utf8": .utf8,
            "utf8_view": .utf8, "large_binary": .binary, "arrow.json": .json, "struct": .json, "list": .json,
            "float": .float32, "double": .float64,
        ]
        byName.merge(aliases) { known, _ in known }
        return byName
    }()

    /// The type of that name, also by Arrow's other names for what becomes the same column here.
    package init?(name: String) {
        let plain = String(name.lowercased().filter { $0 != " " })
        if let type = Self.byName[plain] {
            self = type
            return
        }
        guard plain.hasPrefix("decimal128("), plain.hasSuffix(")") else { return nil }
        let numbers = plain.dropFirst(11).dropLast().split(separator: ",").map { Int($0) }
        guard numbers.count == 2, let precision = numbers[0], let scale = numbers[1] else { return nil }
        guard let type = Self.decimal(precision: precision, scale: scale) else { return nil }
        self = type
    }

    /// The decimal type, or nil where 128 bits cannot hold it.
    package static func decimal(precision: Int, scale: Int) -> ColumnType? {
        guard (1...38).contains(precision), (0...precision).contains(scale) else { return nil }
        return .decimal128(precision: precision, scale: scale)
    }
}
