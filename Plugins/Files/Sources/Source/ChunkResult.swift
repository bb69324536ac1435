internal import TenonBatches
internal import TenonConnectorKit

/// A part of a file to be parsed: all records that begin in it.
struct Chunk: Sendable {
    /// Counts through all files of the stream.
    let number: Int
    let file: OpenFile
    let start: Int
    /// Where the next part begins.
    let border: Int
    /// A record begins at `start`; else the first one is looked for.
    let isExact: Bool
}

/// What was found in a chunk.
final class ChunkResult: @unchecked Sendable {
    // Unchecked: filled in by one thread, then handed to another through a monitor.
    let chunk: Chunk
    /// Where the first record began, and where the next one does.
    var start: Int
    var end: Int
    /// Nothing follows in the file.
    var isLast = false
    /// What was begun at a guess went wrong: parse it again from the right place.
    var isGivenUp = false
    var batch: BatchWriter
    /// Rows of `batch`, also where it has no columns.
    var keptCount = 0
    /// Rows that the filter left out.
    var skippedCount = 0
    /// Lines from `start` to `end`.
    var lineCount = 0
    var rejects: [RejectedRecord] = []
    var failure: ConnectorError?

    init(_ chunk: Chunk, _ schema: BatchSchema) {
        self.chunk = chunk
        start = chunk.start
        end = chunk.start
        batch = BatchWriter(schema)
    }

    /// Forgets what was found.
    func giveUp() {
        isGivenUp = true
        rejects = []
        batch.truncate(to: 0)
    }
}

/// A record that cannot be handed out.
struct RejectedRecord: Sendable {
    /// What is wrong, with the column where there is one.
    var problem: String
    /// Lines before it since the chunk's start.
    var line: Int
    /// Place in its line, from 1; nil where it is the record as a whole.
    var place: Int?
    /// The record or its beginning.
    var bytes: [UInt8]

    /// Of the record not more than this is kept.
    static let maxBytes = 4096
}
