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
        LineSplitter.forEach(in: lines) { range in
            count += 1
            waiting.append(contentsOf: lines[range])
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
            LineSplitter.forEach(in: bytes) { range in
                remaining -= 1
                guard remaining >= 0 else { return }
                let line = UnsafeRawBufferPointer(rebasing: bytes[range])
                if UTF8Check.isValid(line) { inference.add(line) }
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
        guard let parser else { return 0 }
        let isValidText = UTF8Check.isValid(lines)
        var count = 0
        var start = LineSplitter.skipEmpty(in: lines, from: 0)
        while start < lines.count {
            let row = lineCount
            lineCount += 1
            count += 1
            var next: Int
            do throws(LineMisfit) {
                if !isValidText { try checkText(lines, from: start) }
                next = try parser.read(lines, from: start)
            } catch {
                let line = LineSplitter.line(in: lines, from: start)
                next = line.upperBound
                let record = String(decoding: lines[line].prefix(Limits.rejectedRecordBytes), as: UTF8.self)
                rejects.append(RejectedRecord(row: row, reason: error.reason, record: record))
            }
            if parser.rowCount >= batchRows || parser.rowCount & 63 == 0 && parser.byteCount >= batchBytes {
                ready.append(parser.finish())
            }
            start = LineSplitter.skipEmpty(in: lines, from: next)
        }
        return count
    }

    private func checkText(_ lines: UnsafeRawBufferPointer, from start: Int) throws(LineMisfit) {
        let line = LineSplitter.line(in: lines, from: start)
        guard UTF8Check.isValid(UnsafeRawBufferPointer(rebasing: lines[line])) else {
            throw LineMisfit("the line is not valid UTF-8")
        }
    }

    private mutating func finishBatch() {
        guard parser?.rowCount ?? 0 > 0, let batch = parser?.finish() else { return }
        ready.append(batch)
    }
}

private enum LineSplitter {
    /// Calls `body` with each line that is not empty, without its end.
    static func forEach(in bytes: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Void) {
        var start = skipEmpty(in: bytes, from: 0)
        while start < bytes.count {
            let line = line(in: bytes, from: start)
            body(line)
            start = skipEmpty(in: bytes, from: line.upperBound)
        }
    }

    /// The line that begins at `start`, without its end.
    static func line(in bytes: UnsafeRawBufferPointer, from start: Int) -> Range<Int> {
        let end = ByteSearch.first(0x0A, in: bytes, from: start) ?? bytes.count
        return start..<(end > start && bytes[end - 1] == 0x0D ? end - 1 : end)
    }

    /// Where the next line begins that is not empty.
    static func skipEmpty(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0D, index + 1 == bytes.count || bytes[index + 1] == 0x0A { index += 1 }
            guard index < bytes.count, bytes[index] == 0x0A else { return index }
            index += 1
        }
        return index
    }
}

/// Why a line was refused.
struct LineMisfit: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
