@_exported public import TenonBatches

/// One configured use of a connector. It offers what it conforms to: `SourceConnector`, `TargetConnector`,
/// `ActionConnector`. Calls never overlap on one instance, reader or writer, but may come on any thread.
public protocol Connector: AnyObject, SendableMetatype {
    /// Takes the configuration: valid by the manifest's configSchema, defaults filled in, secrets in place.
    /// Contacts nobody.
    init(host: Host, name: String, configuration: JSONValue) throws(ConnectorError)

    /// Makes the instance ready.
    func open(_ call: Call) throws(ConnectorError)

    /// Finds out whether the other system can be used: one item for each thing tried.
    func check(_ call: Call) throws(ConnectorError) -> [CheckItem]

    /// Gives back what `open` took.
    func close()
}

extension Connector {
    public func open(_ call: Call) throws(ConnectorError) {}
    public func check(_ call: Call) throws(ConnectorError) -> [CheckItem] { [] }
    public func close() {}
}

/// What came out of trying one thing.
public struct CheckItem: Sendable {
    /// "reachable", "authenticated", "permitted" or another word.
    public var name: String
    public var isOK: Bool
    public var detail: String

    public init(_ name: String, isOK: Bool, _ detail: String = "") {
        self.name = name
        self.isOK = isOK
        self.detail = detail
    }
}

/// Hands out streams of records ("tenon.source/1").
public protocol SourceConnector: Connector {
    /// Lists the streams.
    func discover(_ call: Call) throws(ConnectorError) -> [StreamDescription]

    /// Splits a request into parts that may be read side by side; empty where it cannot be split.
    func plan(_ request: ReadRequest, _ call: Call) throws(ConnectorError) -> [JSONValue]

    /// Opens a reader at the request's checkpoint, or at the beginning where that is empty.
    func openReader(_ request: ReadRequest, _ call: Call) throws(ConnectorError) -> any RecordReader
}

extension SourceConnector {
    public func plan(_ request: ReadRequest, _ call: Call) throws(ConnectorError) -> [JSONValue] { [] }
}

/// A stream being read.
public protocol RecordReader: AnyObject {
    /// What of the request the reader follows; the host does the rest itself. Asked once, after opening.
    var honoured: Honoured { get }

    /// Hands some records over, about the request's `batchBytes`, and says whether there are more.
    func next(_ call: Call, _ records: Records) throws(ConnectorError) -> ReadProgress

    /// Ends the reader; batches that were handed out stay valid.
    func close()
}

extension RecordReader {
    public var honoured: Honoured { Honoured() }
    public func close() {}
}

/// What follows after a call of `next`.
public enum ReadProgress: Sendable {
    /// The host asks again, later where nothing was handed over.
    case more
    case end
    /// The schema is no longer the one announced: the host reopens at the last checkpoint.
    case schemaChanged
}

/// Takes streams of records ("tenon.target/1").
public protocol TargetConnector: Connector {
    /// Opens a writer; what an earlier writer of the same job and stream did not commit is undone.
    func openWriter(_ request: WriteRequest, _ call: Call) throws(ConnectorError) -> any RecordWriter
}

/// A stream being written, exactly once where `sequence` is stored with the rows.
public protocol RecordWriter: AnyObject {
    /// The last sequence committed for the job and the stream, 0 for none. Asked once, after opening.
    var sequence: UInt64 { get }

    /// Takes a batch, all but the rows that go to `rejects`. With an error whose effect is `.notApplied`
    /// nothing of the batch was taken and the writer goes on; after any other it is only aborted and closed.
    func write(_ batch: BatchView, _ rejects: Rejects, _ call: Call) throws(ConnectorError)

    /// Makes everything since the last commit durable together with `sequence`. One at or below the stored
    /// sequence changes nothing, and what was written for it is dropped.
    func commit(_ sequence: UInt64, _ call: Call) throws(ConnectorError)

    /// Undoes everything since the last commit.
    func abort(_ call: Call) throws(ConnectorError)

    /// Ends the writer; what was not committed is undone.
    func close()
}

/// Offers named actions ("tenon.action/1").
public protocol ActionConnector: Connector {
    /// Performs an action; `.notFound` for an unknown name.
    func invoke(_ action: String, _ input: JSONValue, _ call: Call) throws(ConnectorError) -> JSONValue
}
