internal import Glibc
public import TenonConnectorKit

@_cdecl("tenon_connector")
public func tenonConnector() -> UnsafePointer<tenon_entry_t> {
    ConnectorEntry.make(FilesConnector.self, threading: .perHandle)
}

/// CSV and NDJSON files of a folder, as streams of records in both directions.
final class FilesConnector: SourceConnector, TargetConnector {
    private let configuration: FilesConfiguration

    init(host: Host, name: String, configuration: JSONValue) throws(ConnectorError) {
        self.configuration = try FilesConfiguration(configuration)
    }

    func check(_ call: Call) throws(ConnectorError) -> [CheckItem] {
        let path = configuration.path
        do throws(ConnectorError) {
            let folder = try StreamFolder(path: path)
            let reads = access(folder.root, R_OK | X_OK) == 0
            let writes = access(folder.root, W_OK) == 0
            let rights = reads ? writes ? "can be read and written" : "can be read only" : "cannot be read"
            return [
                CheckItem("reachable", isOK: true, folder.root),
                CheckItem("permitted", isOK: reads, "\(folder.root) \(rights)"),
            ]
        } catch {
            return [CheckItem("reachable", isOK: false, error.message)]
        }
    }

    func discover(_ call: Call) throws(ConnectorError) -> [StreamDescription] {
        try StreamCatalog(configuration).discover(call)
    }

    func openReader(_ request: ReadRequest, _ call: Call) throws(ConnectorError) -> any RecordReader {
        guard request.query.isEmpty else {
            throw ConnectorError(
                .notImplemented, "files has streams, no queries: name a file or a pattern.",
                effect: .notApplied, fieldPath: "/query")
        }
        let stream = try StreamCatalog(configuration).stream(request.stream)
        var settings = ReaderSettings()
        settings.parallelism = configuration.parallelism ?? ReaderSettings.usualParallelism
        return try FileReader(stream, request, settings)
    }

    func openWriter(_ request: WriteRequest, _ call: Call) throws(ConnectorError) -> any RecordWriter {
        try FileTarget(configuration: configuration).openWriter(request)
    }
}
