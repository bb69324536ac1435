internal import TenonConnectorKit

/// The bytes of one file of a stream, inflated where it is packed.
final class FileBytes: Sendable {
    let source: SourceFile
    private let feed: GzipFeed?

    init(_ file: SourceFileName) throws(ConnectorError) {
        source = try SourceFile(file)
        feed = file.isGzip && source.identity.size > 0 ? try GzipFeed(source) : nil
    }

    deinit { feed?.stop() }

    var name: String { source.file.name }

    /// nil where only the end tells.
    var size: Int? { feed == nil ? source.identity.size : nil }

    /// How far reading has come, in bytes of the file on disk, where `offset` was reached.
    func progress(_ offset: Int) -> Int { feed?.bytesDone ?? offset }

    /// Reads up to `count` bytes, 0 only at the end. A packed file gives its bytes in order, whatever
    /// `offset` says.
    func read(
        into memory: UnsafeMutablePointer<UInt8>, offset: Int, count: Int
    ) throws(ConnectorError) -> Int {
        if let feed { return try feed.read(into: memory, count: count) }
        return try source.read(into: memory, offset: offset, count: count)
    }
}
