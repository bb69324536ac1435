internal import TenonConnectorKit

/// A file being written: rows become text in a buffer, the buffer goes to the file in large pieces.
final class FilesWriter: RecordWriter {
    private let job: String
    private let file: TargetFile
    private let encoder: any RowEncoder
    private let deflater: Deflater?
    /// Rows are added to those that the file has.
    private let isKeeping: Bool
    /// What must stand in front of the first row that is added, where the file's last line has no end.
    private let lineEnd: UInt8 = 0x0A
    /// The last byte of the committed text in a gzip file.
    private var lastByte: UInt8?
    private let buffer = OutputBuffer(capacity: bufferBytes + (256 << 10))
    private var refused: [RefusedRow] = []
    private(set) var sequence: UInt64

    /// Text goes to the file in pieces of about this size.
    private static let bufferBytes = 2 << 20
    /// So many rows become text before the buffer is looked at.
    private static let blockRows = 1024

    init(
        job: String, file: TargetFile, encoder: any RowEncoder, isGzip: Bool, isKeeping: Bool
    ) throws(ConnectorError) {
        self.job = job
        self.file = file
        self.encoder = encoder
        self.isKeeping = isKeeping
        deflater = isGzip ? try Deflater() : nil
        sequence = file.sequence(of: job)
    }

    func write(_ batch: BatchView, _ rejects: Rejects, _ call: Call) throws(ConnectorError) {
        try call.checkCancelled()
        try begin(call)
        refused.removeAll(keepingCapacity: true)
        encoder.begin(batch)
        var row = 0
        while row < batch.rowCount {
            let rows = row..<min(row + Self.blockRows, batch.rowCount)
            let room = encoder.room(rows)
            if buffer.count > 0, buffer.count + room > buffer.capacity { try flush() }
            buffer.reserve(room)
            encoder.append(rows, to: buffer, refused: &refused)
            if buffer.count >= Self.bufferBytes { try flush() }
            row = rows.upperBound
        }
        for refusal in refused { try rejects.add(row: refusal.row, .badData, refusal.reason) }
    }

    /// The first row, or commit, after opening decides where rows go.
    private func begin(_ call: Call) throws(ConnectorError) {
        guard !file.hasBegun else { return }
        if isKeeping, deflater != nil { lastByte = try GzipEnd.lastByte(of: file.path, call) }
        try file.begin(keeping: isKeeping)
        try startLine()
    }

    /// A new file begins with its header; one that is kept may lack its last line end.
    private func startLine() throws(ConnectorError) {
        if file.length == 0 {
            buffer.append(encoder.header)
        } else if let last = deflater == nil ? try file.lastByte() : lastByte, last != lineEnd {
            buffer.append([lineEnd])
        }
    }

    private func flush() throws(ConnectorError) {
        let bytes = buffer.bytes
        buffer.count = 0
        guard let deflater else { return try file.append(bytes) }
        try deflater.append(bytes) { piece throws(ConnectorError) in try file.append(piece) }
    }

    func commit(_ sequence: UInt64, _ call: Call) throws(ConnectorError) {
        guard sequence > self.sequence else { return try abort(call) }
        do throws(ConnectorError) {
            try begin(call)
            try flush()
            try deflater?.finish { piece throws(ConnectorError) in try file.append(piece) }
            try file.commit(job: job, sequence: sequence)
        } catch {
            throw try undone(error)
        }
        lastByte = lineEnd
        self.sequence = sequence
    }

    /// Nothing of a commit that failed before it was decided stays: then it may be repeated from the rows on.
    private func undone(_ error: ConnectorError) throws(ConnectorError) -> ConnectorError {
        guard !file.isInDoubt else { return error }
        buffer.count = 0
        deflater?.reset()
        try file.rollback()
        var error = error
        error.effect = .notApplied
        return error
    }

    func abort(_ call: Call) throws(ConnectorError) {
        buffer.count = 0
        deflater?.reset()
        guard file.hasBegun else { return }
        try file.rollback()
        // A writer goes on after a commit that changed nothing.
        try startLine()
    }

    func close() { file.close() }
}
