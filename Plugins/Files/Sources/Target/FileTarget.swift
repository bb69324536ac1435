internal import Glibc
internal import TenonConnectorKit

/// Opens writers of an instance's files.
struct FileTarget {
    let configuration: FilesConfiguration

    func openWriter(_ request: WriteRequest) throws(ConnectorError) -> FilesWriter {
        guard request.mode != .upsert else {
            throw Self.refusal(
                .notImplemented,
                "files cannot upsert: a file is only added to (append) or replaced (overwrite)",
                "/mode")
        }
        guard !request.schema.columns.isEmpty else {
            throw Self.refusal(.invalidArgument, "there are no columns to write", "")
        }
        let (path, name) = try place(request)
        let file = try TargetFile(path: path, isDurable: configuration.isDurable)
        do throws(ConnectorError) {
            return try writer(request, file, path: path, name: name)
        } catch {
            file.close()
            throw error
        }
    }

    private static func refusal(
        _ status: ConnectorError.Status, _ problem: String, _ field: String
    ) -> ConnectorError {
        ConnectorError(
            status, "The stream cannot be written: \(problem).", effect: .notApplied, fieldPath: field)
    }

    // MARK: place

    /// Where the stream's file is or will be, and its name in the folder.
    private func place(_ request: WriteRequest) throws(ConnectorError) -> (path: String, name: String) {
        let folder = try StreamFolder(path: configuration.path)
        var name = request.stream
        if name.isEmpty {
            name = configuration.defaultStream.isEmpty ? folder.onlyFile ?? "" : configuration.defaultStream
        }
        guard !name.isEmpty else {
            throw Self.refusal(
                .invalidArgument, "no stream is named, and there is no defaultStream", "/stream")
        }
        try folder.checkName(name)
        guard !name.utf8.contains(where: { "*?[".utf8.contains($0) }) else {
            throw StreamFolder.refusal(name, "rows can be written to one file only, not to a pattern")
        }
        // Among them what the connector keeps beside its files.
        guard !name.split(separator: "/").contains(where: { $0.utf8.first == UInt8(ascii: ".") }) else {
            throw StreamFolder.refusal(name, "hidden files, and those in hidden folders, are not written")
        }
        let path = folder.path(of: name)
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
        try folder.checkLinks(parent.isEmpty ? "/" : parent, stream: name)
        return (try existing(path, name, folder) ?? path, name)
    }

    /// What the path leads to, without links; nil where there is nothing.
    private func existing(
        _ path: String, _ name: String, _ folder: StreamFolder
    ) throws(ConnectorError) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard stat(path, &status) == 0 else {
            throw StreamFolder.refusal(name, "it is a link that leads nowhere")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw StreamFolder.refusal(name, "it is no file") }
        try folder.checkLinks(path, stream: name)
        guard let resolved = realpath(path, nil) else { throw systemFailure("opened", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    // MARK: writer

    private func writer(
        _ request: WriteRequest, _ file: TargetFile, path: String, name: String
    ) throws(ConnectorError) -> FilesWriter {
        var status = stat()
        let exists = stat(path, &status) == 0
        let isContinued = file.sequence(of: request.job) > 0
        if isContinued, !file.hasRows(of: request.job) {
            throw ConnectorError(
                .conflict,
                "\(name) was replaced, shortened or removed after the job's last commit; run the job anew.",
                effect: .notApplied)
        }
        guard exists || request.createIfMissing || configuration.createIfMissing else {
            throw ConnectorError(
                .notFound, "\(name) does not exist, and createIfMissing is not set.", effect: .notApplied,
                fieldPath: "/stream")
        }
        let isKeeping = exists && status.st_size > 0 && (isContinued || request.mode == .append)
        let source = SourceFileName(path: path, name: name, isGzip: configuration.isGzip(name))
        return try FilesWriter(
            job: request.job, file: file, encoder: encoder(request.schema, source, isKeeping: isKeeping),
            isGzip: source.isGzip, isKeeping: exists && (isContinued || request.mode == .append))
    }

    private func encoder(
        _ schema: BatchSchema, _ file: SourceFileName, isKeeping: Bool
    ) throws(ConnectorError) -> any RowEncoder {
        guard let kind = configuration.kind(of: file.name) else {
            throw Self.refusal(
                .invalidArgument,
                "the name \"\(file.name)\" does not say whether it is CSV or NDJSON; end it with .csv or .ndjson, "
                    + "or set format", "/stream")
        }
        if kind == .ndjson { return NDJSONEncoder(schema) }
        var dialect = CSVDialect()
        if let delimiter = configuration.csv.delimiter {
            dialect.delimiter = delimiter
        } else {
            dialect.delimiter = CSVSniffer.usualDelimiter(of: file.name)
        }
        dialect.quote = configuration.csv.isUnquoted ? nil : configuration.csv.quote ?? UInt8(ascii: "\"")
        var order: [Int?] = Array(schema.columns.indices)
        if isKeeping {
            let found = try FileSniffer(configuration: configuration).sniff(file)
            if case .csv(let its) = found.form { dialect = its }
            if dialect.hasHeader { order = try Self.order(schema, in: found.columns, file.name) }
            try Self.checkCount(schema, found, order, file.name)
        }
        return CSVEncoder(schema, csv: configuration.csv, dialect: dialect, order: order)
    }

    /// For each column of the file the one of the schema with its name, nil where there is none.
    private static func order(
        _ schema: BatchSchema, in columns: [ColumnDescription], _ name: String
    ) throws(ConnectorError) -> [Int?] {
        let known = Set(columns.map(\.name))
        if let extra = schema.columns.first(where: { !known.contains($0.name) }) {
            throw refusal(
                .invalidArgument,
                "\(name) has no column \"\(extra.name)\"; it has \(columns.map { "\"\($0.name)\"" }.joined(separator: ", "))",
                "/stream")
        }
        return columns.map { schema.index(of: $0.name) }
    }

    /// Columns without names go by their place, and so there must be as many.
    private static func checkCount(
        _ schema: BatchSchema, _ found: SniffedFile, _ order: [Int?], _ name: String
    ) throws(ConnectorError) {
        guard !found.columns.isEmpty, order.count != found.columns.count else { return }
        throw refusal(
            .invalidArgument, "\(name) has \(found.columns.count) columns without names, not \(order.count)",
            "/stream")
    }
}
