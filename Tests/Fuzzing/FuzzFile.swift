@testable internal import FilesConnector
internal import TenonBatches
internal import TenonJSON

/// A file, read in several ways.
struct FuzzFile {
    private let text: [UInt8]
    private let stream: FileStream
    private let plan: ReadPlan

    /// What came of reading.
    private struct Outcome: Equatable {
        var rows: [[[UInt8]?]] = []
        var rejects: [String] = []
        var skippedCount = 0
        var lineCount = 0
        var end = 0

        func check(_ other: Outcome?, _ way: String) {
            guard let other else { broken("what can be read can be read in \(way)") }
            if other == self { return }
            for (one, two) in zip(rejects, other.rejects) where one != two {
                broken("the same is rejected in \(way): \(one), \(two)")
            }
            broken(
                "records are the same in \(way): rows \(rows.count), \(other.rows.count); rejects "
                    + "\(rejects.count), \(other.rejects.count); skipped \(skippedCount), \(other.skippedCount); lines "
                    + "\(lineCount), \(other.lineCount); end \(end), \(other.end)")
        }
    }

    init(_ text: [UInt8], _ name: String, _ configuration: FilesConfiguration) {
        self.text = text
        let path = FuzzFolder.write(text, as: name)
        let sniffed = text.withUnsafeBytes {
            FileSniffer(configuration: configuration).sniff($0, name: name, isWhole: true)
        }
        stream = FileStream(
            name: name, files: [SourceFileName(path: path, name: name, isGzip: false)], form: sniffed.form,
            columns: sniffed.columns)
        let output = sniffed.columns.enumerated().map {
            ColumnPlan(column: $0.offset, description: $0.element, isCopied: false)
        }
        plan = ReadPlan(columns: sniffed.columns, output: output, filter: [], isFilterExact: true, limit: nil)
    }

    func check(blockBytes: Int) {
        var settings = ReaderSettings()
        settings.blockBytes = 8 << 10
        guard let whole = read(settings, chunkBytes: .max) else { return }
        if let reject = whole.rejects.first(where: { $0.contains("not of the column's type") }) {
            broken("what all records tell of a column's type holds for all: \(reject)")
        }
        settings.blockBytes = blockBytes
        whole.check(read(settings, chunkBytes: .max), "blocks")
        settings.blockBytes = 8 << 10
        whole.check(read(settings, chunkBytes: blockBytes * 4), "parts")
    }

    /// Reads as the reader does that hands records out: a part that was begun at the wrong place is parsed again.
    private func read(_ settings: ReaderSettings, chunkBytes: Int) -> Outcome? {
        let worker = ChunkWorker(plan, settings)
        guard let file = try? OpenFile(stream, 0, worker.makeBuffer) else { return nil }
        var outcome = Outcome()
        outcome.end = file.dataStart
        outcome.lineCount = file.dataLine
        var start = file.dataStart
        while start < text.count {
            let border = min(text.count, start &+ (chunkBytes == .max ? text.count : chunkBytes))
            let isExact = start == file.dataStart
            let chunk = Chunk(number: 0, file: file, start: start, border: border, isExact: isExact)
            start = border
            var result = worker.parse(chunk) { false }
            if outcome.end >= border { continue }
            if result.start != outcome.end || result.isGivenUp {
                let exact = Chunk(number: 0, file: file, start: outcome.end, border: border, isExact: true)
                result = ChunkWorker(plan, settings).parse(exact) { false }
            }
            if result.failure != nil { broken("a file that is there can be read") }
            take(result, into: &outcome)
        }
        // Whether a last line without its end is one is nobody's concern.
        if text.last != UInt8(ascii: "\n") { outcome.lineCount = 0 }
        return outcome
    }

    private func take(_ result: ChunkResult, into outcome: inout Outcome) {
        for reject in result.rejects {
            let line = outcome.lineCount + reject.line
            outcome.rejects.append("\(line):\(reject.place ?? 0) \(reject.problem) \(reject.bytes)")
        }
        outcome.skippedCount += result.skippedCount
        outcome.lineCount += result.lineCount
        outcome.end = result.end
        let keptCount = result.keptCount
        var array = ArrowArray()
        result.batch.export(to: &array)
        defer { array.release?(&array) }
        guard let view = try? BatchView(&array, schema: plan.schema) else { broken("a batch is one") }
        if !plan.output.isEmpty, view.rowCount != keptCount { broken("every record is in the batch") }
        for row in 0..<keptCount { outcome.rows.append(view.columns.map { Self.bytes($0, row) }) }
    }

    private static func bytes(_ column: ColumnView, _ row: Int) -> [UInt8]? {
        if column.isNull(row) { return nil }
        switch column.kind.layout {
        case .none: return nil
        case .bits: return [column.bool(row) ? 1 : 0]
        case .fixed(let width):
            return Array(UnsafeRawBufferPointer(start: column.values + row * width, count: width))
        case .variable: return Array(column.bytes(row))
        }
    }

    // MARK: Scans

    /// Where the fast index can be used it finds what the exact scan finds.
    static func checkIndex(_ text: [UInt8]) {
        for (delimiter, quote) in [(UInt8(ascii: ","), UInt8(ascii: "\"")), (0x3B, nil), (0x09, 0x27)] {
            checkIndex(text, delimiter, quote)
        }
    }

    private static func checkIndex(_ text: [UInt8], _ delimiter: UInt8, _ quote: UInt8?) {
        var index = CSVIndex(delimiter: delimiter, quote: quote)
        let room = text.count + CSVIndex.sparePlaces
        var separators = [UInt32](repeating: 0, count: room)
        var ends = [UInt32](repeating: 0, count: room)
        let end = text.withUnsafeBytes { text in
            separators.withUnsafeMutableBufferPointer { separators in
                ends.withUnsafeMutableBufferPointer {
                    index.scan(text, separators: separators, recordEnds: $0)
                }
            }
        }
        if end != text.count { broken("one scan is enough") }
        guard index.isRegular, !index.isInsideQuotes, !index.endsWithReturn else { return }
        // The exact scan looks at the byte behind the text.
        let padded = text + [0x0A]
        let places = CSVPlaces()
        padded.withUnsafeBufferPointer { padded in
            guard let base = padded.baseAddress else { return }
            let block = Block(bytes: base, count: text.count, border: text.count, isEnd: true)
            places.startOver(text.count + 1)
            var scan = exactScan(block, delimiter, quote)
            scan.run(into: places)
        }
        func prefix(_ places: UnsafeMutablePointer<UInt32>, _ count: Int) -> [UInt32] {
            Array(UnsafeBufferPointer(start: places, count: count))
        }
        // The end of the last record, where no line feed tells it, is the exact scan's alone.
        let extra = places.separatorCount - index.separatorCount
        guard places.defects.isEmpty, extra == 0 || extra == 1,
            prefix(places.separators, index.separatorCount)
                == Array(separators.prefix(index.separatorCount)),
            extra == 0 || Int(places.separators[places.separatorCount - 1]) == text.count,
            places.recordCount == index.recordCount + extra,
            prefix(places.recordEnds, index.recordCount) == Array(ends.prefix(index.recordCount))
        else { broken("the index finds what the exact scan finds") }
    }

    /// A line is scanned where it is an object.
    static func checkLine(_ line: [UInt8], _ keys: [String]) {
        guard String(validating: line, as: UTF8.self) != nil else { return }
        let scanner = JSONRecordScanner(keys: keys)
        var fields = [JSONField](repeating: .missing, count: keys.count)
        let end = line.withUnsafeBytes { text in
            fields.withUnsafeMutableBufferPointer { fields in
                fields.baseAddress.flatMap { try? scanner.scan(text, from: 0, into: $0) }
            }
        }
        let strict = (try? JSONParser.parse(line))?.object
        guard let end else {
            if strict != nil { broken("an object is a record") }
            return
        }
        if end != line.count { broken("a record takes its line") }
        guard let object = (try? JSONParser.parse(line, maxDepth: 200, duplicateKeys: .lastWins))?.object
        else {
            broken("a record is an object")
        }
        for (key, field) in zip(keys, fields) {
            let value =
                field.kind == .missing ? nil : try? JSONParser.parse(Array(line[field.start..<field.end]))
            if value != object[key] { broken("the value of \"\(key)\" is where the scanner says") }
        }
    }
}
