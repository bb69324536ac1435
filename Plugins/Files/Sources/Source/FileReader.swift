internal import CTenon
internal import TenonBatches
internal import TenonConnectorKit

/// Reads the files of a stream and hands their records out in order.
final class FileReader: RecordReader {
    let honoured: Honoured
    private let stream: FileStream
    private let plan: ReadPlan
    private let settings: ReaderSettings
    private let queue: ChunkQueue
    /// Parses again what was begun at the wrong place.
    private lazy var worker = ChunkWorker(plan, settings)
    private var hasAnnounced = false
    private var recordCount: Int
    /// The file that is being handed out, and where the next record begins in it.
    private var file: OpenFile?
    private var offset: Int
    private var line: Int
    /// The file that a checkpoint lies in, until it or a later one was entered.
    private var resumedFile: Int?
    private let sizes: [Int]

    init(_ stream: FileStream, _ request: ReadRequest, _ settings: ReaderSettings) throws(ConnectorError) {
        self.stream = stream
        plan = try ReadPlan(request, stream)
        honoured = plan.honoured(request)
        var settings = settings
        if let wanted = request.batchBytes {
            settings.chunkBytes = min(max(wanted, Self.fewestChunkBytes), Self.mostChunkBytes)
        }
        self.settings = settings
        let position = request.checkpoint.isEmpty ? nil : try ReadPosition(request.checkpoint, stream)
        recordCount = position?.recordCount ?? 0
        offset = position?.offset ?? 0
        line = position?.line ?? 0
        resumedFile = position?.fileIndex
        sizes = stream.files.map { SourceFile.size(of: $0) }
        queue = ChunkQueue(
            stream, plan, settings,
            QueueStart(
                fileIndex: position?.fileIndex ?? 0, offset: position?.offset,
                rowsLeft: plan.limit.map { max(0, $0 - (position?.recordCount ?? 0)) }))
    }

    private static let fewestChunkBytes = 4 << 10
    /// A record has two bytes at least, and a batch may have 2^20 rows.
    private static let mostChunkBytes = 2 << 20

    func close() { queue.stop() }

    private var rowsLeft: Int { plan.limit.map { max(0, $0 - recordCount) } ?? .max }

    func next(_ call: Call, _ records: Records) throws(ConnectorError) -> ReadProgress {
        if !hasAnnounced {
            try records.schema(plan.schema)
            hasAnnounced = true
        }
        guard rowsLeft > 0, let result = try queue.next(isCancelled: { call.isCancelled }) else {
            try file?.bytes.source.checkUnchanged()
            return .end
        }
        try enter(result.chunk.file)
        guard let result = try corrected(result, call) else { return .more }
        try handOut(result, records)
        tellProgress(call)
        return .more
    }

    /// Goes over to the file of the next chunk.
    private func enter(_ next: OpenFile) throws(ConnectorError) {
        guard file !== next else { return }
        try file?.bytes.source.checkUnchanged()
        file = next
        // Where the checkpoint is the end of its file, the first chunk is one of a later file.
        if resumedFile != next.index {
            offset = next.dataStart
            line = next.dataLine
        }
        resumedFile = nil
    }

    /// The records of the chunk that were not handed out yet: those of `result` where it was begun where the
    /// last one ended. Nil where there are none.
    private func corrected(_ result: ChunkResult, _ call: Call) throws(ConnectorError) -> ChunkResult? {
        if let failure = result.failure { throw failure }
        let chunk = result.chunk
        if offset >= chunk.border { return nil }
        let isWrong = result.start != offset || result.isGivenUp
        guard isWrong || result.keptCount > rowsLeft else { return result }
        let exact = Chunk(
            number: chunk.number, file: chunk.file, start: offset, border: chunk.border, isExact: true)
        let again = worker.parse(exact, maxRows: rowsLeft) { call.isCancelled }
        if let failure = again.failure { throw failure }
        try call.checkCancelled()
        return again
    }

    private func handOut(_ result: ChunkResult, _ records: Records) throws(ConnectorError) {
        if result.keptCount > 0 {
            var array = ArrowArray()
            result.batch.export(to: &array)
            // Where no column is wanted only the number of records is.
            array.length = Int64(result.keptCount)
            try records.arrow(&array)
        }
        try records.skipped(result.skippedCount)
        for reject in result.rejects { try tell(reject, records) }
        recordCount += result.keptCount
        offset = result.end
        line += result.lineCount
        guard let file else { return }
        let position = ReadPosition(
            fileIndex: file.index, fileName: file.bytes.name, identity: file.bytes.source.identity,
            offset: offset, line: line, recordCount: recordCount)
        try records.checkpoint(position.bytes)
    }

    private func tell(_ reject: RejectedRecord, _ records: Records) throws(ConnectorError) {
        let place = reject.place.map { ", column \($0)" } ?? ""
        let reason =
            "\(file?.bytes.name ?? stream.name), line \(line + reject.line + 1)\(place): \(reject.problem)"
        let outcome = reject.bytes.withUnsafeBytes { bytes in
            Result { () throws(ConnectorError) in try records.reject(.badData, reason, record: bytes) }
        }
        try outcome.get()
    }

    private func tellProgress(_ call: Call) {
        guard let file else { return }
        let before = sizes[..<file.index].reduce(0, +)
        let total = sizes.reduce(0, +)
        call.progress(
            done: UInt64(clamping: before + file.bytes.progress(offset)), total: UInt64(clamping: total))
    }
}
