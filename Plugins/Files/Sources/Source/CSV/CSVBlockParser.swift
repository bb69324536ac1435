internal import TenonBatches
internal import TenonConnectorKit

/// Turns CSV into rows, a block at a time: all separators are found first, then the records are looked at,
/// then the filter chooses among them, and what is left is copied or parsed column by column.
final class CSVBlockParser: BlockParser {
    let dialect: CSVDialect
    let plan: ReadPlan
    /// Where in a record the announced columns stand; nil: nowhere, always null.
    let fieldOfColumn: [Int?]
    let fieldCount: Int
    private let places = CSVPlaces()
    private var scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    private var scratchCapacity = 1
    private var skipped: CSVSkip

    init(_ dialect: CSVDialect, _ plan: ReadPlan, fieldOfColumn: [Int?], fieldCount: Int) {
        self.dialect = dialect
        self.plan = plan
        self.fieldOfColumn = fieldOfColumn
        self.fieldCount = fieldCount
        skipped = CSVSkip(dialect)
    }

    deinit { scratch.deallocate() }

    func parse(_ block: Block, into result: ChunkResult, maxRows: Int) -> Int {
        index(block)
        var rejects = CSVRejects(block, line: result.lineCount)
        let byteCount = chooseRows(block, &rejects)
        guard byteCount > 0 else { return 0 }
        rejectInvalidText(block, byteCount, &rejects)
        let recordCount = places.rowCount + rejects.count
        let fields = fields(of: block)
        let filter = CSVFilter(
            fields: fields, terms: plan.filter, fieldOfColumn: fieldOfColumn,
            columns: plan.columns.map(\.name))
        var badRows = filter.apply(to: places)
        if places.rowCount > maxRows {
            // Once more, up to the end of the last row that is wanted.
            let last = maxRows == 0 ? 0 : places.start(Int(places.rows[maxRows - 1])) + 1
            guard last > 0 else { return 0 }
            var less = block
            less.border = last
            return parse(less, into: result, maxRows: maxRows)
        }
        let skippedCount = recordCount - rejects.count - places.rowCount - badRows.count
        badRows += CSVFill(fields: fields, plan: plan, fieldOfColumn: fieldOfColumn)
            .append(places, byteCount, to: result.batch)
        for bad in badRows {
            rejects.add(
                bad.problem, row: Int(bad.row), field: bad.field, fieldCount: fieldCount, places)
        }
        result.keptCount += places.rowCount
        result.skippedCount += skippedCount
        result.rejects += rejects.finish(places)
        result.lineCount += rejects.lineCount(byteCount, places)
        return byteCount
    }

    func presumedStart(_ block: Block, from offset: Int) -> Int? {
        var candidate: Int?
        var position = offset
        for _ in 0..<Self.maxCandidates {
            let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
            guard let feed = ByteSearch.first(UInt8(ascii: "\n"), in: bytes, from: position) else { break }
            position = feed + 1
            candidate = candidate ?? position
            if looksLikeRecords(block, position) { return position }
        }
        return candidate
    }

    private static let maxCandidates = 32
    private static let probedBytes = 4096

    /// Whether the next records all have the right number of fields; not so where `start` lies within quotes.
    private func looksLikeRecords(_ block: Block, _ start: Int) -> Bool {
        let count = min(block.count - start, Self.probedBytes)
        let isEnd = block.isEnd && start + count == block.count
        index(Block(bytes: block.bytes + start, count: count, border: count, isEnd: isEnd))
        return places.recordCount > 0 && places.defects.isEmpty && isEven(places.recordCount)
    }

    func skip(_ block: Block, isFirst: Bool) -> (byteCount: Int, isWhole: Bool) {
        if isFirst { skipped = CSVSkip(dialect) }
        return skipped.run(block)
    }

    // MARK: Separators

    private func index(_ block: Block) {
        places.startOver(block.count + 1)
        if dialect.trimsSpace && dialect.quote != nil {
            // Spaces may stand before quotes, which the fast index does not know.
            var scan = CSVExactScan(block, dialect)
            return scan.run(into: places)
        }
        var index = CSVIndex(delimiter: dialect.delimiter, quote: dialect.quote)
        let bytes = UnsafeRawBufferPointer(start: block.bytes, count: block.count)
        _ = index.scan(
            bytes, separators: UnsafeMutableBufferPointer(start: places.separators, count: places.places),
            recordEnds: UnsafeMutableBufferPointer(start: places.recordEnds, count: places.places))
        guard index.isRegular, !(block.isEnd && (index.isInsideQuotes || index.endsWithReturn)) else {
            places.startOver(block.count + 1)
            var scan = CSVExactScan(block, dialect)
            return scan.run(into: places)
        }
        places.separatorCount = index.separatorCount
        places.recordCount = index.recordCount
        places.hasQuotes = index.hasQuotes
        places.hasInnerLineEnds = index.quotedFeedCount > 0
        places.isASCII = index.isASCII
        endLastRecord(block)
    }

    /// The last record of a file may lack its line end.
    private func endLastRecord(_ block: Block) {
        guard block.isEnd, block.count > 0 else { return }
        let last = places.recordCount == 0 ? 0 : Int(places.recordEnds[places.recordCount - 1]) + 1
        guard places.start(last) < block.count else { return }
        places.append(block.count)
        places.endRecord()
    }

    // MARK: Records

    /// Puts the records that begin before the border and have the right number of fields into `rows`. Answers
    /// the bytes of all records that were looked at.
    private func chooseRows(_ block: Block, _ rejects: inout CSVRejects) -> Int {
        let recordCount = recordsBeforeBorder(block)
        places.takenCount = recordCount
        guard recordCount > 0 else { return 0 }
        let lastEnd = Int(places.recordEnds[recordCount - 1])
        let byteCount = min(Int(places.separators[lastEnd]) + 1, block.count)
        // Every record has as many separators as fields, or some row is looked at one by one.
        if places.defects.isEmpty, isEven(recordCount) {
            for record in 0..<recordCount {
                places.rows[record] = UInt32(truncatingIfNeeded: record &* fieldCount)
            }
            places.rowCount = recordCount
        } else {
            chooseOneByOne(recordCount, &rejects)
        }
        return byteCount
    }

    private func recordsBeforeBorder(_ block: Block) -> Int {
        var count = places.recordCount
        guard block.border < block.count else { return count }
        while count > 0 {
            let first = count == 1 ? 0 : Int(places.recordEnds[count - 2]) + 1
            if places.start(first) < block.border { break }
            count -= 1
        }
        return count
    }

    private func isEven(_ recordCount: Int) -> Bool {
        let recordEnds = places.recordEnds
        var difference: UInt32 = 0
        var expected = UInt32(truncatingIfNeeded: fieldCount &- 1)
        for record in 0..<recordCount {
            difference |= recordEnds[record] ^ expected
            expected &+= UInt32(truncatingIfNeeded: fieldCount)
        }
        return difference == 0
    }

    private func chooseOneByOne(_ recordCount: Int, _ rejects: inout CSVRejects) {
        var first = 0
        var defects = places.defects[...]
        for record in 0..<recordCount {
            let last = Int(places.recordEnds[record])
            defer { first = last + 1 }
            if let defect = defects.first, defect.record == record {
                rejects.add(defect, row: first, lastField: last, places)
                while defects.first?.record == record { defects.removeFirst() }
                continue
            }
            let count = last - first + 1
            if count == fieldCount {
                places.rows[places.rowCount] = UInt32(truncatingIfNeeded: first)
                places.rowCount += 1
            } else if count > 1 || !rejects.isBlank(first, places) {
                rejects.add(wrongCount: count, not: fieldCount, row: first, places)
            }
        }
    }

    /// Takes records that are not UTF-8 out of `rows`.
    private func rejectInvalidText(_ block: Block, _ byteCount: Int, _ rejects: inout CSVRejects) {
        let text = UnsafeRawBufferPointer(start: block.bytes, count: byteCount)
        if places.isASCII || UTF8Check.isValid(text) { return }
        var kept = 0
        for index in 0..<places.rowCount {
            let row = Int(places.rows[index])
            let start = places.start(row)
            let end = Int(places.separators[row + fieldCount - 1])
            let record = UnsafeRawBufferPointer(start: block.bytes + start, count: end - start)
            if UTF8Check.isValid(record) {
                places.rows[kept] = places.rows[index]
                kept += 1
            } else {
                let field = (0..<fieldCount).first { field in
                    let start = places.start(row + field)
                    let end = Int(places.separators[row + field])
                    let bytes = UnsafeRawBufferPointer(start: block.bytes + start, count: end - start)
                    return !UTF8Check.isValid(bytes)
                }
                rejects.add(
                    "the text is not valid UTF-8", row: row, field: field ?? 0, fieldCount: fieldCount, places
                )
            }
        }
        places.rowCount = kept
    }

    private func fields(of block: Block) -> CSVFields {
        if scratchCapacity < block.count + ReadBuffer.spareBytes {
            scratch.deallocate()
            scratchCapacity = block.count + ReadBuffer.spareBytes
            scratch = .allocate(capacity: scratchCapacity)
        }
        return CSVFields(
            bytes: block.bytes, separators: places.separators, quote: dialect.quote ?? 0,
            hasQuotes: places.hasQuotes && dialect.quote != nil, trimsSpace: dialect.trimsSpace,
            isSimple: !dialect.trimsSpace && dialect.nullText == nil,
            nullText: dialect.nullText.map { TextLiteral($0) }, lastField: fieldCount - 1, scratch: scratch)
    }
}
