internal import TenonBatches
internal import TenonConnectorKit

/// Turns lines of JSON into rows: each line is scanned for the wanted keys, the filter chooses, and what is left
/// of a block is copied or parsed column by column.
final class NDJSONBlockParser: BlockParser {
    private let plan: ReadPlan
    private let scanner: JSONRecordScanner
    /// Of the announced columns, the place among the scanned keys.
    private let keyOfColumn: [Int]
    private let keyCount: Int
    private var fields: UnsafeMutablePointer<JSONField>
    private var fieldCapacity = 0
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 0

    init(_ plan: ReadPlan) {
        self.plan = plan
        let needed = plan.neededColumns.sorted()
        var keyOfColumn = [Int](repeating: -1, count: plan.columns.count)
        for (key, column) in needed.enumerated() { keyOfColumn[column] = key }
        self.keyOfColumn = keyOfColumn
        keyCount = needed.count
        scanner = JSONRecordScanner(keys: needed.map { plan.columns[$0].name })
        fields = .allocate(capacity: 1)
        scratch = .allocate(capacity: 1)
    }

    deinit {
        fields.deallocate()
        scratch.deallocate()
    }

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
        makeRoom(text.count)
        var lines = NDJSONLines(text: text, isValid: UTF8Check.isValid(text), firstLine: result.lineCount)
        let firstReject = result.rejects.count
        while lines.position < text.count, lines.position < block.border, lines.keptCount < maxRows {
            take(&lines, result)
        }
        let fill = NDJSONFill(
            text: text, fields: fields, keyCount: keyCount, keyOfColumn: keyOfColumn, scratch: scratch)
        let rejected = fill.append(&lines, plan, to: result.batch)
        result.rejects += rejected
        if !rejected.isEmpty { result.rejects[firstReject...].sort { $0.line < $1.line } }
        result.keptCount += lines.keptCount
        result.skippedCount += lines.skippedCount
        result.lineCount = lines.line
        return lines.position
    }

    /// The bytes up to the last line end, or all at the end of the file.
    private func wholeLines(_ block: Block) -> Int {
        if block.isEnd { return block.count }
        let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
        return ByteSearch.last(UInt8(ascii: "\n"), in: bytes).map { $0 + 1 } ?? 0
    }

    private func makeRoom(_ byteCount: Int) {
        // The shortest record is "{}" and its line end.
        let wanted = (byteCount / 3 + 2) * max(1, keyCount)
        if fieldCapacity < wanted {
            fields.deallocate()
            fieldCapacity = wanted
            fields = .allocate(capacity: wanted)
        }
        if scratchCapacity < byteCount + ReadBuffer.spareBytes {
            scratch.deallocate()
            scratchCapacity = byteCount + ReadBuffer.spareBytes
            scratch = .allocate(capacity: scratchCapacity)
        }
    }

    /// Takes one line: as a row, as one that the filter leaves out, as a reject, or as nothing where it is blank.
    @inline(__always)
    private func take(_ lines: inout NDJSONLines, _ result: ChunkResult) {
        let start = lines.position
        let row = fields + lines.keptCount &* keyCount
        let line = lines.line
        lines.line &+= 1
        if !lines.isValid || lines.isBlank(start) {
            guard takeCarefully(&lines, result, line) else { return }
        }
        do throws(JSONRecordError) {
            let end = try scanner.scan(lines.text, from: start, into: row)
            lines.position = min(end &+ 1, lines.text.count)
        } catch {
            lines.position = lines.end(of: start)
            result.rejects.append(reject(error, lines, start, line))
            return
        }
        var holds = true
        for term in plan.filter where holds {
            switch outcome(term, row[keyOfColumn[term.column]], lines.text) {
            case .holds: break
            case .fails: holds = false
            case .bad:
                let name = plan.columns[term.column].name
                let problem = "\"\(name)\" cannot be compared: its value is not of the column's type"
                result.rejects.append(lines.reject(problem, start, line, place: nil))
                return
            }
        }
        if holds {
            lines.kept.append(NDJSONLines.Kept(start: start, line: line))
            lines.keptCount &+= 1
        } else {
            lines.skippedCount &+= 1
        }
    }

    /// False where the line was dealt with.
    @inline(never)
    private func takeCarefully(_ lines: inout NDJSONLines, _ result: ChunkResult, _ line: Int) -> Bool {
        let start = lines.position
        let end = lines.end(of: start)
        let bytes = UnsafeRawBufferPointer(rebasing: lines.text[start..<end])
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) {
            lines.position = end
            return false
        }
        if lines.isValid || UTF8Check.isValid(bytes) { return true }
        lines.position = end
        result.rejects.append(lines.reject("the text is not valid UTF-8", start, line, place: nil))
        return false
    }

    @inline(__always)
    private func outcome(
        _ term: FilterTerm, _ field: JSONField, _ text: UnsafeRawBufferPointer
    ) -> FieldTest.Outcome {
        let outcome: FieldTest.Outcome
        if field.isNull {
            outcome = term.test.holdsForNull ? .holds : .fails
        } else if case .text(.equals(let literal)) = term.test, field.kind == .string,
            let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        {
            outcome =
                literal.equals(base + (field.start &+ 1), field.end &- field.start &- 2) ? .holds : .fails
        } else {
            outcome = carefulOutcome(term, field, text)
        }
        guard term.isNegated else { return outcome }
        return outcome == .holds ? .fails : outcome == .fails ? .holds : .bad
    }

    @inline(never)
    private func carefulOutcome(
        _ term: FilterTerm, _ field: JSONField, _ text: UnsafeRawBufferPointer
    ) -> FieldTest.Outcome {
        let kind = plan.columns[term.column].kind
        guard let value = NDJSONValue.text(field, text, kind, scratch) else {
            if case .isNull = term.test { return .fails }
            return .bad
        }
        return term.test.outcome(value)
    }

    private func reject(
        _ error: JSONRecordError, _ lines: NDJSONLines, _ start: Int, _ line: Int
    ) -> RejectedRecord {
        let problem =
            switch error.kind {
            case .syntax(let error): "the line is not valid JSON: \(error.problem)"
            case .notAnObject: "the line is not a JSON object"
            case .textAfterObject: "there is text after the object"
            case .duplicate(let key): "the key \"\(scanner.keys[key])\" occurs twice"
            }
        return lines.reject(problem, start, line, place: error.offset - start + 1)
    }
}
