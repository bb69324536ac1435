/// What a reader is opened for. A reader may leave out of account what it likes, and says so in `honoured`.
public struct ReadRequest: Sendable {
    /// Empty where there is a query, or where the configured default is meant.
    public var stream = ""
    public var query = ""
    /// One of the parts that `plan` named.
    public var partition: JSONValue?
    /// The columns that are wanted, in this order; nil for all.
    public var columns: [RequestedColumn]?
    /// All of these must hold; nil for no filter.
    public var filter: [Comparison]?
    /// How many records are wanted, counted after the filter from the beginning of the stream.
    public var limit: Int?
    /// The request asks for columns, a filter or a limit in a form that this kit does not know; they are nil
    /// here, and a reader must not say that it honours them. Where the filter is unknown, so is the limit.
    public var hasUnknownColumns = false
    public var hasUnknownFilter = false
    public var hasUnknownLimit = false
    /// How many bytes one batch should have.
    public var batchBytes: Int?
    /// After how many rows a checkpoint is wanted.
    public var checkpointRows: Int?
    /// A position that a reader of the same request handed out, or empty for the beginning.
    public var checkpoint: [UInt8] = []

    public init(stream: String = "") { self.stream = stream }

    public init(_ json: JSONValue, checkpoint: [UInt8]) {
        stream = json["stream"]?.string ?? ""
        query = json["query"]?.string ?? ""
        partition = json["partition"]
        let asked = { (key: String) in json[key].map { $0 != .null } ?? false }
        columns = Self.all(json["columns"], RequestedColumn.init)
        hasUnknownColumns = columns == nil && asked("columns")
        filter = Self.all(json["filter"]?["all"], Comparison.init)
        hasUnknownFilter = filter == nil && asked("filter")
        limit = hasUnknownFilter ? nil : json["limit"]?.int
        hasUnknownLimit = limit == nil && asked("limit")
        batchBytes = json["batchBytes"]?.int
        checkpointRows = json["checkpointRows"]?.int
        self.checkpoint = checkpoint
    }

    /// The elements of an array, where all of them are understood.
    private static func all<Element>(_ json: JSONValue?, _ make: (JSONValue) -> Element?) -> [Element]? {
        guard let values = json?.array else { return nil }
        let elements = values.compactMap(make)
        return elements.count == values.count ? elements : nil
    }
}

/// A column that is wanted of a reader.
public struct RequestedColumn: Sendable, Equatable {
    public var name: String
    /// Values as the other system writes them, not parsed.
    public var isText: Bool

    public init(_ name: String, isText: Bool = false) {
        self.name = name
        self.isText = isText
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string ?? json.string else { return nil }
        self.init(name, isText: json["as"]?.string == "text")
    }
}

/// One condition of a filter, compared by the announced type of its column.
public struct Comparison: Sendable, Equatable {
    public var column: String
    /// The specification's name, such as "equals" or "greaterThan".
    public var `operator`: String
    public var value: JSONValue

    public init(_ column: String, _ operator: String, _ value: JSONValue) {
        self.column = column
        self.operator = `operator`
        self.value = value
    }

    init?(_ json: JSONValue) {
        guard let column = json["column"]?.string, let name = json["operator"]?.string else { return nil }
        self.init(column, name, json["value"] ?? .null)
    }
}

/// What of a request a reader follows.
public struct Honoured: Sendable, Equatable {
    public enum Exactness: String, Sendable {
        /// All records that match come and no others.
        case exact
        /// All that match and some others.
        case partial
        /// All records.
        case none
    }

    /// The reader hands out exactly the requested columns, in their order.
    public var columns: Bool
    public var filter: Exactness
    public var limit: Bool

    public init(columns: Bool = false, filter: Exactness = .none, limit: Bool = false) {
        self.columns = columns
        self.filter = filter
        self.limit = limit
    }

    var json: JSONValue {
        ["columns": .bool(columns), "filter": .string(filter.rawValue), "limit": .bool(limit)]
    }
}
