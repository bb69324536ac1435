internal import Glibc
internal import CZlib
internal import TenonConnectorKit

/// How a file is written, and the columns that stand in it with their announced types.
struct SniffedFile: Sendable {
    var form: RecordForm
    var columns: [ColumnDescription]
}

/// Looks at the beginning of a file.
struct FileSniffer {
    let configuration: FilesConfiguration

    /// No more of a file is looked at.
    private static let maxSampleBytes = 4 << 20
    private static let pieceBytes = 256 << 10

    /// Looks at the first of a stream's files, which speaks for all of them; their names must not say
    /// otherwise.
    func sniff(_ files: [SourceFileName]) throws(ConnectorError) -> SniffedFile {
        var first: (kind: FilesConfiguration.Kind, name: String)?
        for file in files {
            guard let kind = configuration.kind(of: file.name) else { continue }
            if let first, first.kind != kind {
                throw ConnectorError(
                    .badData,
                    "\"\(first.name)\" and \"\(file.name)\" cannot be one stream: by their names they are of "
                        + "different kinds. Narrow the pattern, or set format.",
                    effect: .notApplied, fieldPath: "/stream")
            }
            first = first ?? (kind, file.name)
        }
        return try sniff(files[0])
    }

    func sniff(_ file: SourceFileName) throws(ConnectorError) -> SniffedFile {
        let identity = SniffedFiles.Identity(file.path, configuration)
        if let known = SniffedFiles.shared[identity] { return known }
        let (bytes, isWhole) = try beginning(of: file)
        let sniffed = bytes.withUnsafeBytes { sniff($0, name: file.name, isWhole: isWhole) }
        SniffedFiles.shared[identity] = sniffed
        return sniffed
    }

    /// `text` is the beginning of a file; `isWhole`: all of it.
    func sniff(_ text: UnsafeRawBufferPointer, name: String, isWhole: Bool) -> SniffedFile {
        let hasMark = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
        let text = UnsafeRawBufferPointer(rebasing: text[(hasMark ? 3 : 0)...])
        switch configuration.kind(of: name) ?? Self.kind(text) {
        case .csv:
            return CSVSniffer(configuration: configuration).sniff(text, name: name, isWhole: isWhole)
        case .ndjson: return NDJSONSniffer(configuration: configuration).sniff(text, isWhole: isWhole)
        }
    }

    /// By the first byte that is no space: an object opens NDJSON.
    private static func kind(_ text: UnsafeRawBufferPointer) -> FilesConfiguration.Kind {
        text.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "{")
            ? .ndjson : .csv
    }

    private func beginning(of file: SourceFileName) throws(ConnectorError) -> ([UInt8], isWhole: Bool) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemFailure("opened", file.name) }
        // gzread also reads what is not compressed, as it is; gzclose closes the descriptor.
        guard let stream = gzdopen(descriptor, "rb") else {
            close(descriptor)
            throw ConnectorError(.resourceExhausted, "Out of memory.", effect: .notApplied)
        }
        defer { gzclose(stream) }
        gzbuffer(stream, UInt32(Self.pieceBytes))
        var bytes: [UInt8] = []
        var lineCount = 0
        while bytes.count < Self.maxSampleBytes, lineCount <= configuration.sampleRows {
            let start = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: Self.pieceBytes))
            let count = bytes.withUnsafeMutableBytes { all in
                gzread(stream, all.baseAddress.map { $0 + start }, UInt32(Self.pieceBytes))
            }
            guard count >= 0 else {
                throw ConnectorError(
                    .badData, "\(file.name) cannot be read: it is damaged.", effect: .notApplied)
            }
            bytes.removeSubrange((start + Int(count))...)
            if count < Self.pieceBytes { return (bytes, true) }
            lineCount += bytes[start...].count { $0 == 0x0A }
        }
        return (bytes, false)
    }
}
