/// A field of a record: where its content stands in the text, without the quotes around it.
@frozen
public struct CSVField: Hashable, Sendable {
    public var start: Int
    public var end: Int
    public var isQuoted: Bool
    /// Whether the content is the value; else it has quotes that `CSVText.unquote` resolves.
    public var isPlain: Bool
}

/// What is wrong with a record.
public struct CSVDefect: Hashable, Sendable {
    public enum Kind: Sendable {
        /// A quote within a field that does not begin with one; it counts as it is.
        case quoteInField
        /// Text between a closing quote and the end of its field; it counts as it is.
        case textAfterQuote
        /// The text ends before the quote is closed.
        case unterminatedQuote

        /// What is wrong, in words.
        public var problem: String {
            switch self {
            case .quoteInField: "a quote within a field that does not begin with one"
            case .textAfterQuote: "text after the quote that closes a field"
            case .unterminatedQuote: "a quote that is never closed"
            }
        }
    }
    public let kind: Kind
    /// Where in the text.
    public let offset: Int
    /// In which field, from 0.
    public let field: Int
}

/// Reads CSV text record by record, whatever its quotes are like: a field that begins with a quote goes on to
/// the next quote that is not doubled, over delimiters and line ends.
public struct CSVRecordReader {
    public enum Step: Sendable {
        /// `fields` and the other properties tell of the next record.
        case record
        /// The text ends within a record, and is not the last part.
        case incomplete
        case end
    }

    public let bytes: UnsafeRawBufferPointer
    public let dialect: CSVDialect
    /// Whether the text ends where `bytes` end.
    public let isFinal: Bool
    /// Where the next record begins.
    public var position: Int
    /// The number of the line in which the next record begins, from 1.
    public var line: Int

    /// The fields of the last record; an empty line has one empty field.
    public private(set) var fields: [CSVField] = []
    public private(set) var defects: [CSVDefect] = []
    /// Where the last record stands, without its line end, and in which line it begins.
    public private(set) var record = 0..<0
    public private(set) var recordLine = 0
    /// Where its first line ends: where to go on after a quote that was never closed.
    public private(set) var firstLineEnd = 0

    public init(
        _ bytes: UnsafeRawBufferPointer, from position: Int = 0, line: Int = 1,
        dialect: CSVDialect = CSVDialect(),
        isFinal: Bool = true
    ) {
        self.bytes = bytes
        self.position = position
        self.line = line
        self.dialect = dialect
        self.isFinal = isFinal
    }

    /// Whether the last record is an empty line.
    public var isBlank: Bool { record.isEmpty }

    /// Reads the next record. After `incomplete` nothing has moved.
    public mutating func next() -> Step {
        guard position < bytes.count else { return .end }
        fields.removeAll(keepingCapacity: true)
        defects.removeAll(keepingCapacity: true)
        var cursor = Cursor(at: position)
        firstLineEnd = -1
        while true {
            let isComplete = isQuote(at: cursor.at) ? readQuoted(&cursor) : readPlain(&cursor)
            guard isComplete else { return .incomplete }
            guard cursor.at < bytes.count, bytes[cursor.at] == dialect.delimiter else { break }
            cursor.at += 1
        }
        guard let next = lineEnd(at: cursor.at) else { return .incomplete }
        record = position..<cursor.at
        recordLine = line
        position = next
        if firstLineEnd < 0 { firstLineEnd = next }
        line += cursor.lines + (next > cursor.at ? 1 : 0)
        return .record
    }

    private struct Cursor {
        var at: Int
        /// Line ends within quotes.
        var lines = 0
    }

    private func isQuote(at index: Int) -> Bool { index < bytes.count && bytes[index] == dialect.quote }

    /// Where the line end at `index` is over; nil where that is not known yet. Nothing ends at the end.
    private func lineEnd(at index: Int) -> Int? {
        guard index < bytes.count else { return isFinal ? index : nil }
        guard bytes[index] == UInt8(ascii: "\r") else { return index + 1 }
        guard index + 1 < bytes.count else { return isFinal ? index + 1 : nil }
        return bytes[index + 1] == UInt8(ascii: "\n") ? index + 2 : index + 1
    }

    /// Moves to the next delimiter, line end or quote.
    private func skipPlain(from index: Int) -> Int {
        guard index < bytes.count, let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return bytes.count
        }
        let quote = dialect.quote ?? dialect.delimiter
        return index + Int(tenon_csv_plain(base + index, bytes.count - index, dialect.delimiter, quote))
    }

    /// Reads on to the end of a field; false where the text ends before.
    private mutating func readPlain(_ cursor: inout Cursor) -> Bool {
        let start = cursor.at
        var end = skipPlain(from: start)
        while isQuote(at: end) {
            note(.quoteInField, at: end)
            end = skipPlain(from: end + 1)
        }
        guard end < bytes.count || isFinal else { return false }
        fields.append(CSVField(start: start, end: end, isQuoted: false, isPlain: true))
        cursor.at = end
        return true
    }

    private mutating func readQuoted(_ cursor: inout Cursor) -> Bool {
        guard let quote = dialect.quote else { return false }
        let start = cursor.at + 1
        var isPlain = true
        var from = start
        while true {
            guard let found = ByteSearch.first(quote, in: bytes, from: from) else {
                guard isFinal else { return false }
                note(.unterminatedQuote, at: start - 1)
                countLines(from..<bytes.count, &cursor)
                fields.append(CSVField(start: start, end: bytes.count, isQuoted: true, isPlain: isPlain))
                cursor.at = bytes.count
                return true
            }
            countLines(from..<found, &cursor)
            guard found + 1 < bytes.count || isFinal else { return false }
            if isQuote(at: found + 1) {
                isPlain = false
                from = found + 2
                continue
            }
            return closeQuoted(CSVField(start: start, end: found, isQuoted: true, isPlain: isPlain), &cursor)
        }
    }

    /// `field` ends with the quote at its end, unless text follows.
    private mutating func closeQuoted(_ field: CSVField, _ cursor: inout Cursor) -> Bool {
        var field = field
        var end = skipPlain(from: field.end + 1)
        if end > field.end + 1 || isQuote(at: end) {
            note(.textAfterQuote, at: field.end + 1)
            while isQuote(at: end) { end = skipPlain(from: end + 1) }
            field.end = end
            field.isPlain = false
        }
        guard end < bytes.count || isFinal else { return false }
        fields.append(field)
        cursor.at = end
        return true
    }

    private mutating func note(_ kind: CSVDefect.Kind, at offset: Int) {
        defects.append(CSVDefect(kind: kind, offset: offset, field: fields.count))
    }

    /// Counts the line ends between quotes and remembers the first one.
    private mutating func countLines(_ range: Range<Int>, _ cursor: inout Cursor) {
        for index in range {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            if byte == UInt8(ascii: "\r"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") {
                continue
            }
            cursor.lines += 1
            if firstLineEnd < 0 { firstLineEnd = index + 1 }
        }
    }

    /// Appends the value of a field.
    public func append(_ field: CSVField, to text: inout [UInt8]) {
        let content = UnsafeRawBufferPointer(rebasing: bytes[field.start..<field.end])
        guard !field.isPlain, let quote = dialect.quote else { return text.append(contentsOf: content) }
        let value = [UInt8](unsafeUninitializedCapacity: content.count) { target, count in
            guard let base = target.baseAddress else { return }
            count = CSVText.unquote(content, quote: quote, to: base)
        }
        text.append(contentsOf: value)
    }

    /// The value of a field as text; invalid UTF-8 is repaired.
    public func string(_ field: CSVField) -> String {
        var text: [UInt8] = []
        append(field, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
