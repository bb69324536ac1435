/// Finds the fields of any CSV text, one byte after the other: quotes within fields, text behind closing
/// quotes, carriage returns as line ends.
///
///     start of field --quote--> quoted --quote--> closed --delimiter, line end--> start of field
///                    --other--> plain  --delimiter, line end--> start of field
///     closed --other--> plain, and the record is a defect
struct CSVExactScan {
    let dialect: CSVDialect
    let bytes: UnsafePointer<UInt8>
    let count: Int
    let isEnd: Bool
    private var position = 0

    init(_ block: Block, _ dialect: CSVDialect) {
        self.dialect = dialect
        bytes = block.bytes
        count = block.count
        isEnd = block.isEnd
    }

    /// Takes all records that end in the block.
    mutating func run(into places: CSVPlaces) {
        while position < count {
            let separators = places.separatorCount
            let defects = places.defects.count
            guard takeRecord(places) else {
                places.separatorCount = separators
                places.defects.removeLast(places.defects.count - defects)
                break
            }
            places.endRecord()
        }
        places.hasQuotes = true
        places.hasLoneReturns = true
        places.hasInnerLineEnds = true
    }

    /// False where the record does not end in the block.
    private mutating func takeRecord(_ places: CSVPlaces) -> Bool {
        while true {
            if let quote = dialect.quote, skipToQuote(quote) {
                guard takeQuoted(quote, places) else { return false }
            }
            while position < count, !isSeparator(bytes[position]) { position += 1 }
            if position == count {
                places.append(count)
                return isEnd
            }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\r") {
                guard position + 1 < count || isEnd else { return false }
                if position + 1 < count, bytes[position + 1] == UInt8(ascii: "\n") { position += 1 }
            }
            places.append(position)
            position += 1
            if byte != dialect.delimiter { return true }
            if position == count, isEnd {
                places.append(count)
                return true
            }
        }
    }

    /// Whether a quoted field begins here; spaces before it are skipped where they do not count.
    private mutating func skipToQuote(_ quote: UInt8) -> Bool {
        var start = position
        if dialect.trimsSpace {
            while start < count, bytes[start] != dialect.delimiter, CSVFields.isSpace(bytes[start]) {
                start += 1
            }
        }
        guard start < count, bytes[start] == quote else { return false }
        position = start
        return true
    }

    /// Over the closing quote, and what is wrong behind it. False where more bytes are needed.
    private mutating func takeQuoted(_ quote: UInt8, _ places: CSVPlaces) -> Bool {
        let opening = position
        position += 1
        while true {
            while position < count, bytes[position] != quote { position += 1 }
            if position == count {
                guard isEnd else { return false }
                places.defects.append(
                    BrokenQuote(kind: .unterminatedQuote, record: places.recordCount, position: opening))
                return true
            }
            guard position + 1 < count || isEnd else { return false }
            position += 1
            guard position < count, bytes[position] == quote else { break }
            position += 1
        }
        if dialect.trimsSpace {
            while position < count, bytes[position] != dialect.delimiter,
                CSVFields.isSpace(bytes[position])
            {
                position += 1
            }
        }
        if position < count, !isSeparator(bytes[position]) {
            places.defects.append(
                BrokenQuote(kind: .textAfterQuote, record: places.recordCount, position: position))
        }
        return true
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == dialect.delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
