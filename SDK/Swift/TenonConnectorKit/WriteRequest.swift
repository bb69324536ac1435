public import TenonBatches

/// What a writer is opened for.
public struct WriteRequest: Sendable {
    public enum Mode: String, Sendable { case append, upsert, overwrite }

    public var job: String
    /// Empty where the configured default is meant.
    public var stream: String
    public var mode: Mode
    /// The columns that tell records apart, for `upsert`.
    public var keys: [String]
    public var createIfMissing: Bool
    /// The columns that batches will have.
    public var schema: BatchSchema

    /// Throws where the mode is unknown.
    public init(_ json: JSONValue, schema: BatchSchema) throws(ConnectorError) {
        let name = json["mode"]?.string ?? Mode.append.rawValue
        guard let mode = Mode(rawValue: name) else {
            throw ConnectorError(
                .invalidArgument,
                "The mode \"\(name)\" is not known; there are append, upsert and overwrite.",
                effect: .notApplied, fieldPath: "/mode")
        }
        self.mode = mode
        job = json["job"]?.string ?? ""
        stream = json["stream"]?.string ?? ""
        keys = json["keys"]?.array?.compactMap(\.string) ?? []
        createIfMissing = json["createIfMissing"]?.bool ?? false
        self.schema = schema
    }
}
