internal import CZlib
internal import Glibc
internal import TenonConnectorKit

/// Inflates a gzip file on a thread of its own, until `stop`; the bytes are taken in order.
final class GzipFeed: @unchecked Sendable {
    // Unchecked: everything that changes is touched inside `monitor` only, but for the thread, which its
    // starter alone joins, and the inflater, which its thread alone uses.
    private let file: SourceFile
    private let monitor = Monitor()
    private var blocks: [GzipBlock] = []
    private var spare: [GzipBlock] = []
    private var isFinished = false
    private var isStopped = false
    private var failure: ConnectorError?
    private var compressedBytes = 0
    private var thread: WorkerThread?
    private static let maxWaitingBlocks = 4

    init(_ file: SourceFile) throws(ConnectorError) {
        self.file = file
        thread = WorkerThread { [self] in run() }
        guard thread != nil else {
            throw ConnectorError(
                .resourceExhausted, "The system has no thread left to read \"\(file.file.name)\".",
                effect: .notApplied)
        }
    }

    /// Bytes of the file that were inflated.
    var bytesDone: Int { monitor.locked { compressedBytes } }

    /// The next bytes, as many as `count`; 0 at the end.
    func read(
        into memory: UnsafeMutablePointer<UInt8>, count: Int
    ) throws(ConnectorError) -> Int {
        var done = 0
        while done < count {
            guard let block = try nextBlock() else { break }
            let taken = min(count - done, block.count - block.taken)
            (memory + done).update(from: block.memory + block.taken, count: taken)
            block.taken += taken
            done += taken
            guard block.taken == block.count else { continue }
            monitor.locked {
                blocks.removeFirst()
                spare.append(block)
                monitor.notify()
            }
        }
        return done
    }

    /// Ends the thread.
    func stop() {
        monitor.locked {
            isStopped = true
            monitor.notify()
        }
        thread?.join()
        thread = nil
    }

    private func nextBlock() throws(ConnectorError) -> GzipBlock? {
        let (block, failure) = monitor.locked { () -> (GzipBlock?, ConnectorError?) in
            while blocks.isEmpty, !isFinished, !isStopped { monitor.wait() }
            return (blocks.first, self.failure)
        }
        // What came before the broken place is read first.
        if block == nil, let failure { throw failure }
        return block
    }

    // MARK: The thread

    private func run() {
        var failure: ConnectorError?
        do throws(ConnectorError) {
            let inflater = try GzipInflater(file)
            while let block = freeBlock(), try inflater.fill(block) { give(block, inflater.position) }
        } catch {
            failure = error
        }
        monitor.locked {
            self.failure = failure
            isFinished = true
            monitor.notify()
        }
    }

    private func freeBlock() -> GzipBlock? {
        monitor.locked {
            while blocks.count >= Self.maxWaitingBlocks, !isStopped { monitor.wait() }
            return isStopped ? nil : spare.popLast() ?? GzipBlock()
        }
    }

    private func give(_ block: GzipBlock, _ position: Int) {
        monitor.locked {
            blocks.append(block)
            compressedBytes = position
            monitor.notify()
        }
    }
}

/// Some inflated bytes.
private final class GzipBlock: @unchecked Sendable {
    // Unchecked: handed from one thread to the other inside the feed's monitor.
    static let capacity = 256 << 10
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    var count = 0
    var taken = 0

    deinit { memory.deallocate() }
}

/// The bytes of a gzip file, of any number of members one behind the other (RFC 1952).
private final class GzipInflater {
    private let file: SourceFile
    private let input = UnsafeMutablePointer<UInt8>.allocate(capacity: inputBytes)
    /// At an address of its own: zlib keeps a pointer back to it.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private(set) var position = 0
    private var isInMember = false
    private static let inputBytes = 64 << 10

    init(_ file: SourceFile) throws(ConnectorError) {
        self.file = file
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for gzip.
        let status = inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            throw ConnectorError(.resourceExhausted, "zlib does not start.", effect: .notApplied)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// False where nothing is left.
    func fill(_ block: GzipBlock) throws(ConnectorError) -> Bool {
        stream.pointee.next_out = block.memory
        stream.pointee.avail_out = UInt32(GzipBlock.capacity)
        while stream.pointee.avail_out > 0 {
            if stream.pointee.avail_in == 0 { try refill() }
            if stream.pointee.avail_in == 0 {
                guard !isInMember else { throw broken("it ends too early") }
                break
            }
            isInMember = true
            let status = inflate(stream, Z_NO_FLUSH)
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END:
                isInMember = false
                inflateReset(stream)
            default: throw broken(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)")
            }
        }
        block.count = GzipBlock.capacity - Int(stream.pointee.avail_out)
        block.taken = 0
        return block.count > 0
    }

    private func refill() throws(ConnectorError) {
        let count = try file.read(into: input, offset: position, count: Self.inputBytes)
        stream.pointee.next_in = input
        stream.pointee.avail_in = UInt32(count)
        position += count
    }

    private func broken(_ problem: String) -> ConnectorError {
        ConnectorError(
            .badData, "The gzip file \"\(file.file.name)\" is broken near byte \(position): \(problem).",
            effect: .notApplied)
    }
}
