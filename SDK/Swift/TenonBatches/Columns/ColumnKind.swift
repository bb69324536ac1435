/// The types of columns that records can have, as `tenon/records.h` lists them.
@frozen
public enum ColumnKind: Hashable, Sendable {
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

extension ColumnKind {
    /// How the values lie in memory.
    @frozen
    public enum Layout: Hashable, Sendable {
        case bits
        /// Bytes a value.
        case fixed(Int)
        /// Offsets of 32 bits into data.
        case variable
        case none
    }

    @inlinable public var layout: Layout {
        switch self {
        case .bool: .bits
        case .int8, .uint8: .fixed(1)
        case .int16, .uint16: .fixed(2)
        case .int32, .uint32, .float32, .date32: .fixed(4)
        case .int64, .uint64, .float64, .time64, .timestamp: .fixed(8)
        case .decimal128: .fixed(16)
        case .utf8, .binary, .json: .variable
        case .null: .none
        }
    }

    /// The format text of the C Data Interface.
    public var arrowFormat: String {
        switch self {
        case .bool: "b"
        case .int8: "c"
        case .int16: "s"
        case .int32: "i"
        case .int64: "l"
        case .uint8: "C"
        case .uint16: "S"
        case .uint32: "I"
        case .uint64: "L"
        case .float32: "f"
        case .float64: "g"
        case .decimal128(let precision, let scale): "d:\(precision),\(scale)"
        case .utf8, .json: "u"
        case .binary: "z"
        case .date32: "tdD"
        case .time64: "ttu"
        case .timestamp(let isUTC): isUTC ? "tsu:UTC" : "tsu:"
        case .null: "n"
        }
    }

    /// The kind of that format; nil where records cannot have it, or it lies in memory in another way.
    public init?(arrowFormat: String, isJSON: Bool = false) {
        if let kind = Self.byFormat[arrowFormat] {
            self = kind == .utf8 && isJSON ? .json : kind
            return
        }
        guard arrowFormat.hasPrefix("d:") else { return nil }
        let numbers = arrowFormat.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false)
            .map { Int($0) }
        guard numbers.count == 2 || numbers.count == 3 && numbers[2] == 128, let precision = numbers[0],
            let scale = numbers[1], let kind = Self.decimal(precision: precision, scale: scale)
        else { return nil }
        self = kind
    }

    /// The name where JSON names a type: `int64`, `decimal128(10, 2)`, `timestamp(us, UTC)`.
    public var name: String {
        switch self {
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
        case .decimal128(let precision, let scale): "decimal128(\(precision), \(scale))"
        case .utf8: "utf8"
        case .binary: "binary"
        case .date32: "date32"
        case .time64: "time64(us)"
        case .timestamp(let isUTC): isUTC ? "timestamp(us, UTC)" : "timestamp(us)"
        case .null: "null"
        case .json: "json"
        }
    }

    /// The kind of that name; spaces and case do not count.
    public init?(name: String) {
        let plain = String(name.lowercased().filter { $0 != " " })
        if let kind = Self.byName[plain] {
            self = kind
            return
        }
        guard plain.hasPrefix("decimal128("), plain.hasSuffix(")") else { return nil }
        let numbers = plain.dropFirst(11).dropLast().split(separator: ",").map { Int($0) }
        guard numbers.count == 2, let precision = numbers[0], let scale = numbers[1],
            let kind = Self.decimal(precision: precision, scale: scale)
        else { return nil }
        self = kind
    }

    /// The decimal kind, or nil where 128 bits cannot hold it.
    public static func decimal(precision: Int, scale: Int) -> ColumnKind? {
        guard (1...38).contains(precision), (0...precision).contains(scale) else { return nil }
        return .decimal128(precision: precision, scale: scale)
    }

    private static let simple: [ColumnKind] = [
        .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .utf8,
        .binary, .date32, .time64, .timestamp(isUTC: false), .timestamp(isUTC: true), .null, .json,
    ]

    private static let byFormat: [String: ColumnKind] = {
        var byFormat = Dictionary(
            uniqueKeysWithValues: simple.filter { $0 != .json }.map { ($0.arrowFormat, $0) })
        for zone in ["Z", "+00:00", "Etc/UTC"] { byFormat["tsu:" + zone] = .timestamp(isUTC: true) }
        return byFormat
    }()

    private static let byName: [String: ColumnKind] = {
        var byName = Dictionary(
            uniqueKeysWithValues: simple.map { ($0.name.lowercased().filter { $0 != " " }, $0) })
        let aliases: [String: ColumnKind] = [
            "time64": .time64, "timestamp": .timestamp(isUTC: false),
            "timestamp(utc)": .timestamp(isUTC: true),
        ]
        byName.merge(aliases) { known, _ in known }
        return byName
    }()
}
