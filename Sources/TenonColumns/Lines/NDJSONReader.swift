internal import TenonBatches
package import TenonModel

/// Turns lines of JSON into batches, by the contract of `tenon/records.h`.
///
/// Without a schema the first 1,000 lines decide about it. A line that is not valid, or does not fit the
/// schema, is rejected; the others go on.
package struct NDJSONReader {
    package static let standardInferenceLines = 1000
    private static let inferenceBytes = 8 << 20

    private let inferenceLines: Int
    private let batchRows: Int
    private let batchBytes: Int
    private var parser: LineParser?
    /// Lines that wait for a schema.
    private var waiting: [UInt8] = []
    private var waitingLines = 0
    private var ready: [Batch] = []
    private var rejects: [RejectedRecord] = []
    private var lineCount: Int64 = 0
    private var problem: TenonError?

    package init(
        schema: Schema?, batchRows: Int = 8192, batchBytes: Int = 1 << 20,
        inferenceLines: Int = NDJSONReader.standardInferenceLines
    ) {
        self.inferenceLines = inferenceLines
        self.batchRows = max(1, min(batchRows, Limits.batchRows))
        self.batchBytes = max(1, batchBytes)
        parser = schema.map { LineParser($0) }
    }

    /// The columns, once they are known.
    package var schema: Schema? { parser?.schema }

    /// Takes whole lines; `rowCount` is how many the source says they are.
    package mutating func append(_ lines: UnsafeRawBufferPointer, rowCount: Int) {
        let count = parser == nil ? wait(for: lines) : read(lines)
        if count != rowCount, problem == nil {
            problem = TenonError(
                .batchLines,
                "The source announced \(rowCount) lines and sent \(count): count lines that are not empty.")
        }
        if parser == nil, isEnoughToInfer {
            inferSchema()
        }
    }

    package mutating func append(_ lines: [UInt8], rowCount: Int) {
        lines.withUnsafeBytes { append($0, rowCount: rowCount) }
    }

    private var isEnoughToInfer: Bool {
        waitingLines >= inferenceLines
            || waiting.count >= Self.inferenceBytes && inferenceLines <= Self.standardInferenceLines
    }

    /// The batches that are full; with `isFinal` all rows so far, as at the end or at a checkpoint.
    package mutating func takeBatches(isFinal: Bool) throws(TenonError) -> [Batch] {
        if let problem { throw problem }
        if isFinal {
            if parser == nil { inferSchema() }
            finishBatch()
        }
        defer { ready.removeAll() }
        return ready
    }

    /// The lines that were refused since the last call.
    package mutating func takeRejects() -> [RejectedRecord] {
        defer { rejects.removeAll() }
        return rejects
    }

    private mutating func wait(for lines: UnsafeRawBufferPointer) -> Int {
        var count = 0
        LineSplitter.forEach(in: lines) { line in
            count += 1
            waiting.append(contentsOf: line)
            waiting.append(0x0A)
        }
        waitingLines += count
        return count
    }

    private mutating func inferSchema() {
        var inference = SchemaInference()
        var lines: [UInt8] = []
        swap(&lines, &waiting)
        lines.withUnsafeBytes { bytes in
            var remaining = inferenceLines
            LineSplitter.forEach(in: bytes) { line in
                remaining -= 1
                if remaining >= 0, UTF8Check.isValid(line) { inference.add(line) }
            }
        }
        let schema = inference.schema
        if schema.fields.count > Limits.batchColumns {
            problem =
                problem
                ?? TenonError(
                    .batchSchema,
                    "The lines have more than \(Limits.batchColumns) different keys. Give fields whose "
                        + "names are data a common name, or announce the columns.")
            parser = LineParser(Schema([]))
            waitingLines = 0
            return
        }
        parser = LineParser(schema)
        waitingLines = 0
        _ = lines.withUnsafeBytes { read($0) }
    }

    private mutating func read(_ lines: UnsafeRawBufferPointer) -> Int {
        guard var parser else { return 0 }
        self.parser = nil
        defer { self.parser = parser }
        let isValidText = UTF8Check.isValid(lines)
        var count = 0
        LineSplitter.forEach(in: lines) { line in
            let row = lineCount
            lineCount += 1
            count += 1
            do throws(LineMisfit) {
                guard isValidText || UTF8Check.isValid(line) else {
                    throw LineMisfit("the line is not valid UTF-8")
                }
                try parser.read(line)
            } catch {
                let record = String(decoding: line.prefix(Limits.rejectedRecordBytes), as: UTF8.self)
                rejects.append(RejectedRecord(row: row, reason: error.reason, record: record))
            }
            if parser.rowCount >= batchRows || parser.rowCount & 63 == 0 && parser.byteCount >= batchBytes {
                ready.append(parser.finish())
            }
        }
        return count
    }

    private mutating func finishBatch() {
        guard parser?.rowCount ?? 0 > 0, let batch = parser?.finish() else { return }
        ready.append(batch)
    }
}

private enum LineSplitter {
    /// Calls `body` with each line that is not empty, without its end.
    static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = ByteOrder.firstIndex(of: 0x0A, in: bytes, from: start) ?? bytes.count
            var last = end
            if last > start, bytes[last - 1] == 0x0D { last -= 1 }
            if last > start { body(UnsafeRawBufferPointer(rebasing: bytes[start..<last])) }
            start = end + 1
        }
    }
}

/// Why a line was refused.
struct LineMisfit: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
