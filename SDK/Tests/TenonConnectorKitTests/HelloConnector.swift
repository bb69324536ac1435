public import TenonConnectorKit

@_cdecl("tenon_connector")
public func tenonConnector() -> UnsafePointer<tenon_entry_t> {
    ConnectorEntry.make(HelloConnector.self, threading: .perHandle)
}

/// One configured use of the connector: it offers what it conforms to.
final class HelloConnector: SourceConnector, ActionConnector {
    private let greeting: String
    private let count: Int

    /// The configuration is valid by configSchema and its defaults are filled in.
    init(host: Host, name: String, configuration: JSONValue) throws(ConnectorError) {
        guard let greeting = configuration["greeting"]?.string else {
            throw ConnectorError(.invalidArgument, "greeting must be text", fieldPath: "/greeting")
        }
        self.greeting = greeting
        count = configuration["count"]?.int ?? 0
    }

    /// {"name": "Ada"} becomes {"text": "Hello, Ada"}.
    func invoke(_ action: String, _ input: JSONValue, _ call: Call) throws(ConnectorError) -> JSONValue {
        guard action == "greet", let name = input["name"]?.string else {
            throw ConnectorError(.notFound, "no such action", effect: .notApplied)
        }
        return ["text": .string("\(greeting), \(name)")]
    }

    func discover(_ call: Call) throws(ConnectorError) -> [StreamDescription] {
        [StreamDescription("numbers", columns: NumberReader.schema.columns)]
    }

    func openReader(_ request: ReadRequest, _ call: Call) throws(ConnectorError) -> any RecordReader {
        NumberReader(next: Int(String(decoding: request.checkpoint, as: UTF8.self)) ?? 0, end: count)
    }
}

/// A stream that is being read.
final class NumberReader: RecordReader {
    static let schema = BatchSchema([
        ColumnDescription("n", .int64, isNullable: false),
        ColumnDescription("square", .int64, isNullable: false),
    ])
    private var writer = BatchWriter(schema)
    private var next: Int
    private let end: Int
    private var isAnnounced = false

    init(next: Int, end: Int) {
        self.next = next
        self.end = end
    }

    /// Hands over a batch, then says where a reader would go on.
    func next(_ call: Call, _ records: Records) throws(ConnectorError) -> ReadProgress {
        if !isAnnounced { try records.schema(Self.schema) }
        isAnnounced = true
        let stop = min(end, next + 10_000)
        for number in next..<max(next, stop) {
            writer.columns[0].append(int64: Int64(number))
            writer.columns[1].append(int64: Int64(number) &* Int64(number))
        }
        try records.batch(&writer)
        next = max(next, stop)
        try records.checkpoint(Array("\(next)".utf8))
        return next < end ? .more : .end
    }
}
