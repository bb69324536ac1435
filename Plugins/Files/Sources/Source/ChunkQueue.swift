internal import TenonConnectorKit

/// Where a queue begins.
struct QueueStart {
    var fileIndex: Int
    /// nil: at the first record of the file.
    var offset: Int?
    /// How many rows are wanted; nil: all.
    var rowsLeft: Int?
}

/// Parses the files of a stream on some threads and hands the results out in the order of the files.
///
/// Chunks of one file are parsed at the same time, each from where a record probably begins. Files that are
/// inflated, and readers with one thread, go from chunk to chunk and never guess.
final class ChunkQueue: @unchecked Sendable {
    // Unchecked: everything that changes is touched inside `monitor` only, but for `threads`, which belong to
    // the reader.
    private let stream: FileStream
    private let plan: ReadPlan
    private let settings: ReaderSettings
    private let monitor = Monitor()
    private var threads: [WorkerThread] = []
    private var results: [Int: ChunkResult] = [:]
    private var nextToHandOut = 0
    private var nextToParse = 0
    private var isStopped = false
    private var failure: (number: Int, error: ConnectorError)?

    private let isSequential: Bool
    private var fileIndex: Int
    private var file: OpenFile?
    private var nextStart: Int
    private var isResumed: Bool
    /// Only one thread alone can know how many rows are still wanted.
    private var rowsLeft: Int

    init(_ stream: FileStream, _ plan: ReadPlan, _ settings: ReaderSettings, _ start: QueueStart) {
        self.stream = stream
        self.plan = plan
        self.settings = settings
        fileIndex = start.fileIndex
        nextStart = start.offset ?? 0
        isResumed = start.offset != nil
        rowsLeft = start.rowsLeft ?? .max
        isSequential = settings.parallelism <= 1 || stream.files.contains { $0.isGzip }
    }

    private var windowCount: Int { isSequential ? 3 : settings.parallelism * 2 }

    /// The next chunk, waiting until `isCancelled`; nil where nothing is left.
    func next(isCancelled: () -> Bool) throws(ConnectorError) -> ChunkResult? {
        try start()
        let outcome: Result<ChunkResult?, ConnectorError> = monitor.locked {
            while true {
                if let result = results.removeValue(forKey: nextToHandOut) {
                    nextToHandOut += 1
                    monitor.notify()
                    return .success(result)
                }
                if let failure, failure.number == nextToHandOut { return .failure(failure.error) }
                if fileIndex >= stream.files.count, nextToParse == nextToHandOut { return .success(nil) }
                if isCancelled() {
                    return .failure(
                        ConnectorError(.cancelled, "The call was cancelled.", effect: .notApplied))
                }
                monitor.wait(milliseconds: Self.pollMilliseconds)
            }
        }
        return try outcome.get()
    }

    private static let pollMilliseconds = 10

    /// Ends the threads and waits for them.
    func stop() {
        monitor.locked {
            isStopped = true
            monitor.notify()
        }
        for thread in threads { thread.join() }
        threads = []
        results = [:]
    }

    private func start() throws(ConnectorError) {
        guard threads.isEmpty else { return }
        for _ in 0..<(isSequential ? 1 : settings.parallelism) {
            guard let thread = WorkerThread({ [self] in isSequential ? runSequentially() : run() }) else {
                break
            }
            threads.append(thread)
        }
        if threads.isEmpty {
            throw ConnectorError(
                .resourceExhausted, "The system has no thread left to read \"\(stream.name)\".",
                effect: .notApplied)
        }
    }

    private func hasStopped() -> Bool { monitor.locked { isStopped } }

    private func fail(_ error: ConnectorError) {
        failure = (nextToParse, error)
        monitor.notify()
    }

    private func give(_ result: ChunkResult) {
        monitor.locked {
            results[result.chunk.number] = result
            monitor.notify()
        }
    }

    // MARK: Many threads

    private func run() {
        let worker = ChunkWorker(plan, settings)
        while let chunk = takeChunk(worker) {
            give(worker.parse(chunk, isStopped: hasStopped))
        }
    }

    /// The next part of a file, once there is room for its result.
    private func takeChunk(_ worker: ChunkWorker) -> Chunk? {
        monitor.locked {
            while !isStopped, failure == nil, fileIndex < stream.files.count,
                nextToParse - nextToHandOut >= windowCount
            {
                monitor.wait()
            }
            guard !isStopped, failure == nil else { return nil }
            while fileIndex < stream.files.count {
                do throws(ConnectorError) {
                    let file = try openFile(worker)
                    if let chunk = cut(file) { return chunk }
                } catch {
                    fail(error)
                    return nil
                }
                (file, fileIndex, nextStart, isResumed) = (nil, fileIndex + 1, 0, false)
            }
            monitor.notify()
            return nil
        }
    }

    private func openFile(_ worker: ChunkWorker) throws(ConnectorError) -> OpenFile {
        if let file { return file }
        let opened = try OpenFile(stream, fileIndex, worker.makeBuffer)
        file = opened
        if !isResumed { nextStart = opened.dataStart }
        return opened
    }

    private func cut(_ file: OpenFile) -> Chunk? {
        guard let size = file.bytes.size, nextStart < size else { return nil }
        let border = min(size, nextStart &+ settings.chunkBytes)
        let isExact = isResumed || nextStart == file.dataStart
        let chunk = Chunk(number: nextToParse, file: file, start: nextStart, border: border, isExact: isExact)
        isResumed = false
        nextStart = border
        nextToParse += 1
        return chunk
    }

    // MARK: One thread

    private func runSequentially() {
        let worker = ChunkWorker(plan, settings)
        while let index = monitor.locked({ isStopped || fileIndex >= stream.files.count ? nil : fileIndex }) {
            do throws(ConnectorError) {
                var buffer: ReadBuffer?
                let file = try OpenFile(stream, index) { bytes in
                    let made = worker.makeBuffer(bytes)
                    buffer = made
                    return made
                }
                if let buffer { worker.adopt(file, buffer) }
                try parse(file, worker)
            } catch {
                return monitor.locked { fail(error) }
            }
            monitor.locked {
                (fileIndex, nextStart, isResumed) = (
                    rowsLeft > 0 ? fileIndex + 1 : stream.files.count, 0, false
                )
                monitor.notify()
            }
        }
    }

    private func parse(_ file: OpenFile, _ worker: ChunkWorker) throws(ConnectorError) {
        var start = monitor.locked { isResumed ? nextStart : file.dataStart }
        if start > file.dataStart { try worker.discard(to: start, isStopped: hasStopped) }
        while let number = takeNumber() {
            let chunk = Chunk(
                number: number, file: file, start: start, border: start &+ settings.chunkBytes, isExact: true)
            let result = worker.parse(chunk, maxRows: rowsLeft, isStopped: hasStopped)
            start = result.end
            rowsLeft -= result.keptCount
            let isLast = result.isLast || result.failure != nil || rowsLeft <= 0
            give(result)
            if isLast { return }
        }
    }

    private func takeNumber() -> Int? {
        monitor.locked {
            while !isStopped, nextToParse - nextToHandOut >= windowCount { monitor.wait() }
            guard !isStopped else { return nil }
            nextToParse += 1
            return nextToParse - 1
        }
    }
}
