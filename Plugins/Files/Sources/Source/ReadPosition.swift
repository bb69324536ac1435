internal import TenonConnectorKit

/// Where a reader goes on: behind a record, in the file that was there then.
struct ReadPosition: Equatable {
    var fileIndex: Int
    var fileName: String
    /// Of the file when it was read.
    var identity: FileIdentity
    /// Where the next record begins, in bytes of the (inflated) text, and the lines before it.
    var offset: Int
    var line: Int
    /// Records handed out so far, of all files.
    var recordCount: Int

    var bytes: [UInt8] {
        let value: JSONValue = [
            "file": .string(fileName), "index": .int(Int64(fileIndex)), "offset": .int(Int64(offset)),
            "line": .int(Int64(line)), "records": .int(Int64(recordCount)),
            "size": .int(Int64(identity.size)), "modified": .int(Int64(identity.modified)),
            "inode": .int(Int64(bitPattern: identity.inode)),
        ]
        return value.bytes
    }
}

extension ReadPosition {
    /// Reads a checkpoint of `stream`; throws where it is none, or the stream's files are others by now.
    init(_ checkpoint: [UInt8], _ stream: FileStream) throws(ConnectorError) {
        guard let value = try? JSONValue(parsing: String(decoding: checkpoint, as: UTF8.self)),
            let name = value["file"]?.string,
            let index = value["index"]?.int, let offset = value["offset"]?.int, let line = value["line"]?.int,
            let records = value["records"]?.int, let size = value["size"]?.int,
            let modified = value["modified"]?.int, let inode = value["inode"]?.int, index >= 0,
            [offset, line, records].allSatisfy({ (0...Self.mostOfAnything).contains($0) })
        else {
            throw Self.refusal("The checkpoint is not one of the files connector.")
        }
        guard stream.files.indices.contains(index), stream.files[index].name == name else {
            throw Self.refusal(
                "The checkpoint is in file \(index + 1) of \"\(stream.name)\", \"\(name)\", which is no "
                    + "longer there. Run the job from the beginning.")
        }
        self.init(
            fileIndex: index, fileName: name,
            identity: FileIdentity(size: size, modified: modified, inode: UInt64(bitPattern: Int64(inode))),
            offset: offset, line: line, recordCount: records)
        guard try SourceFile(stream.files[index]).identity == identity else {
            throw Self.refusal(
                "The file \"\(name)\" is not the one that was read up to the checkpoint: it was changed or "
                    + "replaced. Run the job from the beginning.")
        }
        guard stream.files[index].isGzip || offset <= identity.size else {
            throw Self.refusal("The checkpoint lies behind the end of the file \"\(name)\".")
        }
    }

    /// No file has more bytes, lines or records; sums of some of them are still integers.
    private static let mostOfAnything = 1 << 60

    private static func refusal(_ message: String) -> ConnectorError {
        ConnectorError(.invalidArgument, message, effect: .notApplied)
    }
}
