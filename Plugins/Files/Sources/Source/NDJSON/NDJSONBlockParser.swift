internal import TenonBatches
internal import TenonConnectorKit

/// Turns lines of JSON into rows: each line is scanned for the columns' keys, the filter chooses, and what is
/// left of a block is copied or parsed column by column. Keys that are no columns are passed over.
final class NDJSONBlockParser: BlockParser {
    private let plan: ReadPlan
    private let scanner: JSONRecordScanner
    private let filter: NDJSONFilter
    private var memory = NDJSONMemory()

    init(_ plan: ReadPlan) {
        self.plan = plan
        filter = NDJSONFilter(plan)
        scanner = JSONRecordScanner(keys: plan.columns.map(\.name))
    }

    deinit { memory.free() }

    func presumedStart(_ block: Block, from offset: Int) -> Int? {
        let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
        return ByteSearch.first(UInt8(ascii: "\n"), in: bytes, from: offset).map { $0 + 1 }
    }

    func skip(_ block: Block, isFirst: Bool) -> (byteCount: Int, isWhole: Bool) {
        let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
        guard let feed = ByteSearch.first(UInt8(ascii: "\n"), in: bytes) else {
            return (block.count, block.isEnd)
        }
        return (feed + 1, true)
    }

    func parse(_ block: Block, into result: ChunkResult, maxRows: Int) -> Int {
        let text = UnsafeRawBufferPointer(start: block.bytes, count: wholeLines(block))
        guard text.count > 0 else { return 0 }
        memory.makeRoom(text.count, keyCount: plan.columns.count)
        var lines = NDJSONLines(text, starts: memory.starts)
        let taken = take(&lines, block, maxRows: maxRows)
        let fill = NDJSONFill(
            text: text, fields: memory.fields, keyCount: plan.columns.count, scratch: memory.scratch)
        fill.append(&lines, plan, to: result.batch)
        result.rejects += lines.rejects(firstLine: result.lineCount)
        result.keptCount += lines.keptCount
        result.skippedCount += taken.skippedCount
        result.lineCount += taken.lineCount
        return taken.byteCount
    }

    /// The bytes up to the last line end, or all at the end of the file.
    private func wholeLines(_ block: Block) -> Int {
        if block.isEnd { return block.count }
        let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
        return ByteSearch.last(UInt8(ascii: "\n"), in: bytes).map { $0 + 1 } ?? 0
    }

    private struct Taken {
        var byteCount = 0
        var lineCount = 0
        var skippedCount = 0
    }

    /// Takes lines that begin before the border until `maxRows` of them are kept.
    private func take(_ lines: inout NDJSONLines, _ block: Block, maxRows: Int) -> Taken {
        // Everything the loop needs is in locals: no access to the object is checked in it.
        let (text, scanner, filter, memory) = (lines.text, scanner, filter, memory)
        let keyCount = plan.columns.count
        let isValid = UTF8Check.isValid(text)
        let border = min(text.count, block.border)
        var taken = Taken()
        let maxRows = min(maxRows, memory.rowCapacity)
        while taken.byteCount < border, lines.keptCount < maxRows {
            let start = taken.byteCount
            let row = memory.fields + lines.keptCount &* keyCount
            taken.lineCount &+= 1
            if !isValid || block.bytes[start] <= 0x20, isSettled(&lines, start, isValid: isValid) {
                taken.byteCount = lines.end(of: start)
                continue
            }
            do throws(JSONRecordError) {
                taken.byteCount = min(try scanner.scan(text, from: start, into: row) &+ 1, text.count)
            } catch {
                lines.reject(problem(error), start, place: error.offset - start + 1)
                taken.byteCount = lines.end(of: start)
                continue
            }
            let (outcome, column) = filter.outcome(row, text, block.bytes, memory.scratch)
            switch outcome {
            case .holds:
                lines.starts[lines.keptCount] = UInt32(truncatingIfNeeded: start)
                lines.keptCount &+= 1
            case .fails: taken.skippedCount &+= 1
            case .bad:
                let name = plan.columns[column].name
                lines.reject("\"\(name)\" cannot be compared: its value is not of the column's type", start)
            }
        }
        return taken
    }

    /// Whether nothing more is to be done with a line that may be blank or not UTF-8.
    @inline(never)
    private func isSettled(_ lines: inout NDJSONLines, _ start: Int, isValid: Bool) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: lines.text[start..<lines.end(of: start)])
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) { return true }
        if isValid || UTF8Check.isValid(bytes) { return false }
        lines.reject("the text is not valid UTF-8", start)
        return true
    }

    private func problem(_ error: JSONRecordError) -> String {
        switch error.kind {
        case .syntax(let error): "the line is not valid JSON: \(error.problem)"
        case .notAnObject: "the line is not a JSON object"
        case .textAfterObject: "there is text after the object"
        case .duplicate(let key): "the key \"\(scanner.keys[key])\" occurs twice"
        }
    }
}

/// Memory for the lines of a block; kept from block to block.
private struct NDJSONMemory {
    /// A field for each column and kept line.
    private(set) var fields = UnsafeMutablePointer<JSONField>.allocate(capacity: 1)
    private(set) var starts = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
    private(set) var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    private var byteCapacity = 0
    /// "{}" and its line end.
    private static let shortestLine = 3
    /// Not more of them, 96 MB, however wide and long a block is: it is then parsed in some passes.
    private static let mostFields = 4 << 20

    /// How many kept lines there is room for, at least 1.
    private(set) var rowCapacity = 0

    mutating func makeRoom(_ byteCount: Int, keyCount: Int) {
        let lineCount = byteCount / Self.shortestLine + 2
        if byteCapacity < byteCount {
            scratch.deallocate()
            starts.deallocate()
            byteCapacity = byteCount
            scratch = .allocate(capacity: byteCount + ReadBuffer.spareBytes)
            starts = .allocate(capacity: lineCount)
        }
        let wanted = min(lineCount, max(1, Self.mostFields / max(1, keyCount)))
        guard rowCapacity < wanted else { return }
        fields.deallocate()
        rowCapacity = wanted
        fields = .allocate(capacity: wanted * max(1, keyCount))
    }

    func free() {
        fields.deallocate()
        starts.deallocate()
        scratch.deallocate()
    }
}
