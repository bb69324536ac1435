internal import Glibc
internal import TenonConnectorKit

/// The streams that an instance offers.
struct StreamCatalog {
    let configuration: FilesConfiguration
    let folder: StreamFolder

    init(_ configuration: FilesConfiguration) throws(ConnectorError) {
        self.configuration = configuration
        folder = try StreamFolder(path: configuration.path)
    }

    /// The stream that a reader is to be opened for: "" means the configured default, or the only one.
    func stream(_ name: String) throws(ConnectorError) -> FileStream {
        let name = try resolved(name)
        let files = try folder.files(of: name).map(file)
        let sniffed = try FileSniffer(configuration: configuration).sniff(files)
        return FileStream(name: name, files: files, form: sniffed.form, columns: sniffed.columns)
    }

    private func resolved(_ name: String) throws(ConnectorError) -> String {
        if !name.isEmpty { return name }
        if !configuration.defaultStream.isEmpty { return configuration.defaultStream }
        let known = try offered()
        if known.count == 1 { return known[0] }
        let names = known.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
        throw ConnectorError(
            .invalidArgument,
            "No stream was named, and there are \(known.count): \(names). Name one, or set defaultStream.",
            effect: .notApplied, fieldPath: "/stream")
    }

    /// Files whose names say that they are CSV or NDJSON; all of them where the format is configured.
    private func offered() throws(ConnectorError) -> [String] {
        if let only = folder.onlyFile { return [only] }
        return try folder.files().filter { configuration.kind(of: $0) != nil }
    }

    private func file(_ name: String) -> SourceFileName {
        SourceFileName(path: folder.path(of: name), name: name, isGzip: configuration.isGzip(name))
    }

    /// All streams with their columns and sizes, and the default one where it is a pattern.
    func discover(_ call: Call) throws(ConnectorError) -> [StreamDescription] {
        var names = try offered()
        let pattern = configuration.defaultStream
        if !pattern.isEmpty, !names.contains(pattern) { names.insert(pattern, at: 0) }
        var streams: [StreamDescription] = []
        for name in names {
            try call.checkCancelled()
            // What cannot be read is still a stream, and reading it says what is wrong.
            guard let stream = try? stream(name) else {
                streams.append(StreamDescription(name))
                continue
            }
            var description = StreamDescription(name, columns: stream.columns)
            description.bytes = stream.files.reduce(0) { $0 + Self.size(of: $1.path) }
            streams.append(description)
        }
        return streams
    }

    private static func size(of path: String) -> UInt64 {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(clamping: status.st_size) : 0
    }
}
