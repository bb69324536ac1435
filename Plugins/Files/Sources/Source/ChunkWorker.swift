internal import TenonBatches
internal import TenonConnectorKit

/// Parses chunks; one for each thread, because it keeps its buffers.
final class ChunkWorker {
    private let plan: ReadPlan
    private let settings: ReaderSettings
    private var file: OpenFile?
    private var parser: (any BlockParser)?
    private var buffer: ReadBuffer?
    /// A guess at where a record begins is given up where the first record is longer than this.
    private static let maxGuessBytes = 4 << 20
    /// So is one that leads to more records than this that cannot be read, and to fewer that can.
    private static let maxGuessRejects = 64

    init(_ plan: ReadPlan, _ settings: ReaderSettings) {
        self.plan = plan
        self.settings = settings
    }

    /// Goes on with the buffer of a file; one that is inflated cannot be read from two buffers.
    func adopt(_ file: OpenFile, _ buffer: ReadBuffer) {
        self.file = file
        self.buffer = buffer
        parser = file.makeParser(plan)
    }

    func makeBuffer(_ bytes: FileBytes) -> ReadBuffer { ReadBuffer(bytes, capacity: settings.blockBytes) }

    /// Moves on to `position` of a file that can only be read from its beginning.
    func discard(to position: Int, isStopped: () -> Bool) throws(ConnectorError) {
        guard let buffer, file?.bytes.size == nil else { return }
        while buffer.origin + buffer.count < position, !buffer.isAtEnd, !isStopped() {
            try buffer.load(at: buffer.origin + buffer.count, settings.blockBytes)
        }
    }

    /// Parses a chunk up to `maxRows` kept rows. `isStopped` is asked between blocks.
    func parse(_ chunk: Chunk, maxRows: Int = .max, isStopped: () -> Bool) -> ChunkResult {
        if file !== chunk.file { adopt(chunk.file, makeBuffer(chunk.file.bytes)) }
        let result = ChunkResult(chunk, plan.schema)
        guard let parser, let buffer else { return result }
        do throws(ConnectorError) {
            try findStart(result, buffer, parser)
            try parseBlocks(result, buffer, parser, maxRows, isStopped)
        } catch {
            result.failure = error
        }
        return result
    }

    private func findStart(
        _ result: ChunkResult, _ buffer: ReadBuffer, _ parser: any BlockParser
    ) throws(ConnectorError) {
        let chunk = result.chunk
        guard !chunk.isExact else { return }
        var position = chunk.start - 1
        while position < chunk.border {
            try buffer.load(at: position, settings.blockBytes)
            let block = Block(
                bytes: buffer.bytes, count: buffer.count, border: buffer.count, isEnd: buffer.isAtEnd)
            if let found = parser.presumedStart(block, from: 0) {
                result.start = position + found
                break
            }
            position += max(1, buffer.count)
            result.start = position
            if buffer.isAtEnd { break }
        }
        result.end = result.start
    }

    private func parseBlocks(
        _ result: ChunkResult, _ buffer: ReadBuffer, _ parser: any BlockParser, _ maxRows: Int,
        _ isStopped: () -> Bool
    ) throws(ConnectorError) {
        var wanted = settings.blockBytes
        while result.end < result.chunk.border, result.keptCount < maxRows, !isStopped() {
            try buffer.load(at: result.end, wanted)
            if buffer.count == 0 { break }
            let block = Block(
                bytes: buffer.bytes, count: buffer.count, border: result.chunk.border - result.end,
                isEnd: buffer.isAtEnd)
            let byteCount = parser.parse(block, into: result, maxRows: maxRows - result.keptCount)
            result.end += byteCount
            if !result.chunk.isExact, result.rejects.count > Self.maxGuessRejects,
                result.rejects.count > result.keptCount + result.skippedCount
            {
                result.giveUp()
                return
            }
            if byteCount > 0 {
                wanted = settings.blockBytes
            } else if !result.chunk.isExact, wanted >= Self.maxGuessBytes {
                result.giveUp()
                return
            } else if wanted >= settings.maxRecordBytes {
                try skipRecord(result, buffer, parser, isStopped)
                wanted = settings.blockBytes
            } else {
                wanted = min(wanted * 4, settings.maxRecordBytes)
            }
        }
        result.isLast = buffer.isAtEnd && result.end >= buffer.origin + buffer.count
    }

    /// Passes over the record at the end of `result`, which is too long.
    private func skipRecord(
        _ result: ChunkResult, _ buffer: ReadBuffer, _ parser: any BlockParser, _ isStopped: () -> Bool
    ) throws(ConnectorError) {
        let beginning = UnsafeBufferPointer(
            start: buffer.bytes, count: min(buffer.count, RejectedRecord.maxBytes))
        result.rejects.append(
            RejectedRecord(
                problem: "the record is longer than \(settings.maxRecordBytes) bytes",
                line: result.lineCount, place: nil, bytes: Array(beginning)))
        var isFirst = true
        while !isStopped() {
            try buffer.load(at: result.end, settings.blockBytes)
            let block = Block(
                bytes: buffer.bytes, count: min(buffer.count, settings.blockBytes), border: 0,
                isEnd: buffer.isAtEnd && buffer.count <= settings.blockBytes)
            let (byteCount, isWhole) = parser.skip(block, isFirst: isFirst)
            result.lineCount += ByteSearch.count(
                UInt8(ascii: "\n"), in: UnsafeRawBufferPointer(start: block.bytes, count: byteCount))
            result.end += byteCount
            isFirst = false
            if isWhole || byteCount == 0 { return }
        }
    }
}
