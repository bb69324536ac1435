public import TenonBatches

/// A stream that a source offers.
public struct StreamDescription: Sendable {
    public var stream: String
    /// nil where unknown.
    public var columns: [ColumnDescription]?
    public var keys: [String]?
    /// The size in the other system, where known.
    public var bytes: UInt64?
    /// The number of records, where known.
    public var records: UInt64?

    public init(_ stream: String, columns: [ColumnDescription]? = nil, keys: [String]? = nil) {
        self.stream = stream
        self.columns = columns
        self.keys = keys
    }

    var json: JSONValue {
        var members = [JSONValue.Member("stream", .string(stream))]
        if let columns { members.append(.init("columns", .array(columns.map(Self.json)))) }
        if let keys { members.append(.init("keys", .array(keys.map { .string($0) }))) }
        if let bytes { members.append(.init("bytes", .int(Int64(clamping: bytes)))) }
        if let records { members.append(.init("records", .int(Int64(clamping: records)))) }
        return .object(members)
    }

    private static func json(_ column: ColumnDescription) -> JSONValue {
        [
            "name": .string(column.name), "type": .string(column.kind.name),
            "nullable": .bool(column.isNullable),
        ]
    }
}
