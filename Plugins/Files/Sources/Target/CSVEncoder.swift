internal import TenonConnectorKit

/// Writes rows as CSV (RFC 4180): a null is an empty field or the configured text, an empty text is two
/// quotes.
///
/// Each column is looked at once a batch: texts without any special byte are copied as they are.
final class CSVEncoder: RowEncoder {
    /// How the values of one column become fields.
    private enum Mode {
        /// Texts without nulls and special bytes.
        case plain
        /// Texts that may need quotes, or be null.
        case text
        /// Tokens of JSON that stand for values: text without its quotes.
        case token
        case binary
        /// A fixed width.
        case value
        /// No such column in the batch, or nothing but nulls.
        case null
    }

    private struct Column {
        var mode = Mode.null
        var text: ColumnText
        var view: ColumnView
    }

    private let columns: [ColumnDescription]
    /// For each field of the file the column of the batch, nil where the batch has none.
    private let order: [Int?]
    private let csv: FilesConfiguration.CSV
    private let delimiter: UInt8
    private let quote: UInt8?
    /// Values of fixed widths may contain the delimiter or the quote.
    private let checksValues: Bool
    private let nullText: [UInt8]
    private var prepared: [Column] = []
    private let scratch = OutputBuffer(capacity: 4096)
    private var unescaped: [UInt8] = []

    init(_ schema: BatchSchema, csv: FilesConfiguration.CSV, dialect: CSVDialect, order: [Int?]) {
        columns = schema.columns
        self.csv = csv
        self.order = order
        delimiter = dialect.delimiter
        quote = csv.isUnquoted ? nil : dialect.quote ?? UInt8(ascii: "\"")
        nullText = csv.nullText ?? []
        let special = [dialect.delimiter, quote ?? dialect.delimiter]
        checksValues =
            special.contains { byte in
                byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                    || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || "+-.:/=".utf8.contains(byte)
            } || !nullText.isEmpty
    }

    private var lineEnd: [UInt8] { csv.lineEnd == .crlf ? [0x0D, 0x0A] : [0x0A] }

    var header: [UInt8] {
        guard csv.hasHeader != false else { return [] }
        var line: [UInt8] = []
        for (index, column) in columns.enumerated() {
            if index > 0 { line.append(delimiter) }
            line += field(column.name)
        }
        return line + lineEnd
    }

    private func field(_ name: String) -> [UInt8] {
        let buffer = OutputBuffer(capacity: name.utf8.count * 2 + 2)
        var name = name
        let written = name.withUTF8 { writeText(UnsafeRawBufferPointer($0), to: buffer.base) }
        return Array(UnsafeRawBufferPointer(start: buffer.base, count: max(0, written)))
    }

    // MARK: a batch

    func begin(_ batch: BatchView) {
        prepared = order.map { index in
            // A column that the batch does not have is null, whatever view it has.
            let view = batch.columns[index ?? 0]
            return Column(
                mode: index.map { mode($0, batch) } ?? .null, text: ColumnText(view), view: view)
        }
    }

    private func mode(_ index: Int, _ batch: BatchView) -> Mode {
        let view = batch.columns[index]
        switch view.kind {
        case .null: return .null
        case .binary: return .binary
        case .json where columns[index].late != nil: return .token
        case .utf8, .json:
            if view.mayHaveNulls || csv.quotesAll || csv.trims || !nullText.isEmpty { return .text }
            return isPlain(ColumnText(view).bytes(0..<view.rowCount)) ? .plain : .text
        default: return .value
        }
    }

    private func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return tenon_csv_plain(base, bytes.count, delimiter, quote ?? delimiter) == bytes.count
    }

    func room(_ rows: Range<Int>) -> Int {
        var room = 0
        for column in prepared {
            let each: Int
            switch column.mode {
            case .plain: (room, each) = (room + column.text.bytes(rows).count, 3)
            case .text, .token: (room, each) = (room + column.text.bytes(rows).count * 2, 3 + nullText.count)
            case .binary: (room, each) = (room + column.text.bytes(rows).count * 3, 16 + nullText.count)
            case .value: each = 2 * ValueText.room + nullText.count
            case .null: each = nullText.count + 1
            }
            room += each * rows.count
        }
        return room + rows.count * (2 + order.count * (1 + nullText.count))
    }

    func append(_ rows: Range<Int>, to buffer: OutputBuffer, refused: inout [RefusedRow]) {
        let isPlain = prepared.allSatisfy { $0.mode == .plain } && quote != nil
        var end = buffer.end
        if isPlain {
            let texts = prepared.map(\.text)
            end = texts.withUnsafeBufferPointer { plain(rows, $0, to: end) }
        } else {
            prepared.withUnsafeBufferPointer { columns in
                guard let columns = columns.baseAddress else { return }
                for row in rows { end = mixed(row, columns, to: end, &refused) }
            }
        }
        buffer.count = end - buffer.base
    }

    // MARK: rows

    /// Rows of nothing but plain texts.
    private func plain(
        _ rows: Range<Int>, _ texts: UnsafeBufferPointer<ColumnText>, to start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard let columns = texts.baseAddress, let quote else { return start }
        let count = texts.count
        let delimiter = delimiter
        let isCRLF = csv.lineEnd == .crlf
        var end = start
        for row in rows {
            for index in 0..<count {
                let first = Int(columns[index].offsets[row])
                let length = Int(columns[index].offsets[row &+ 1]) &- first
                if length == 0 {
                    end[0] = quote
                    end[1] = quote
                    end += 2
                } else {
                    columns[index].copy(first, length, to: end)
                    end += length
                }
                end.pointee = delimiter
                end += 1
            }
            // In place of the last delimiter.
            if isCRLF {
                end[-1] = 0x0D
                end.pointee = 0x0A
                end += 1
            } else {
                end[-1] = 0x0A
            }
        }
        return end
    }

    /// A row of any columns; where one cannot be written, nothing of the row is.
    private func mixed(
        _ row: Int, _ fields: UnsafePointer<Column>, to start: UnsafeMutablePointer<UInt8>,
        _ refused: inout [RefusedRow]
    ) -> UnsafeMutablePointer<UInt8> {
        var end = start
        for index in 0..<order.count {
            let written = write(fields + index, row, to: end)
            guard written >= 0 else {
                let name = order[index].map { columns[$0].name } ?? ""
                let reason =
                    "The text of the column \"\(name)\" has a delimiter or a line end, and the file no quotes."
                refused.append(RefusedRow(row: row, reason: reason))
                return start
            }
            end += written
            end.pointee = delimiter
            end += 1
        }
        end -= 1
        if csv.lineEnd == .crlf {
            end.pointee = 0x0D
            end += 1
        }
        end.pointee = 0x0A
        return end + 1
    }

    /// Writes one field and answers how many bytes it has, -1 where it cannot be written.
    @inline(__always)
    private func write(_ column: UnsafePointer<Column>, _ row: Int, to end: UnsafeMutablePointer<UInt8>)
        -> Int
    {
        if column.pointee.mode == .null || column.pointee.view.isNull(row) { return null(to: end) }
        switch column.pointee.mode {
        case .plain where quote != nil:
            let (start, stop) = column.pointee.view.range(row)
            if start == stop { return writeText(UnsafeRawBufferPointer(start: nil, count: 0), to: end) }
            column.pointee.text.copy(start, stop - start, to: end)
            return stop - start
        case .plain, .text: return writeText(column.pointee.view.bytes(row), to: end)
        case .token: return writeToken(column.pointee.view.bytes(row), to: end)
        case .value:
            let count = ValueText.write(column.pointee.view, row, to: end)
            return checksValues ? recheck(end, count) : count
        case .binary:
            let bytes = column.pointee.view.bytes(row)
            if bytes.isEmpty { return writeText(bytes, to: end) }
            let count = Base64.write(bytes, to: end)
            return checksValues ? recheck(end, count) : count
        case .null: return null(to: end)
        }
    }

    @inline(__always)
    private func null(to end: UnsafeMutablePointer<UInt8>) -> Int {
        for index in 0..<nullText.count { end[index] = nullText[index] }
        return nullText.count
    }

    /// Quotes a value that stands at `end` where it must be.
    private func recheck(_ end: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        scratch.count = 0
        scratch.reserve(count)
        scratch.base.update(from: end, count: count)
        let value = UnsafeRawBufferPointer(start: scratch.base, count: count)
        return writeText(value, to: end, quotesAll: false)
    }

    /// Writes a text that is not null.
    @inline(__always)
    private func writeText(_ text: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>) -> Int {
        writeText(text, to: end, quotesAll: csv.quotesAll)
    }

    @inline(__always)
    private func writeText(
        _ text: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>, quotesAll: Bool
    ) -> Int {
        let count = text.count
        guard count > 0, let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            guard let quote else { return 0 }
            end[0] = quote
            end[1] = quote
            return 2
        }
        let plain = Int(tenon_csv_copy(end, base, count, delimiter, quote ?? delimiter))
        if plain == count, !quotesAll, !mustQuote(text) { return count }
        guard let quote else { return plain == count ? count : -1 }
        return CSVText.writeQuoted(text, quote, to: end)
    }

    /// Whether a text without special bytes would be read as something else.
    @inline(__always)
    private func mustQuote(_ text: UnsafeRawBufferPointer) -> Bool {
        if csv.trims, let first = text.first, let last = text.last {
            if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return true }
        }
        return !nullText.isEmpty && text.elementsEqual(nullText)
    }

    /// Writes the value that a token of JSON stands for; objects and arrays stay JSON.
    private func writeToken(_ token: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>) -> Int {
        switch token.first {
        case nil, UInt8(ascii: "n"): return null(to: end)
        case UInt8(ascii: "\""):
            var scanner = JSONScanner(token)
            // What is no string of JSON stays as it is.
            guard let content = try? scanner.string() else { return writeText(token, to: end) }
            guard content.isComplex else { return writeText(scanner.bytes(of: content), to: end) }
            unescaped.removeAll(keepingCapacity: true)
            // Nor is a text with half of a surrogate pair.
            guard (try? scanner.unescape(content, into: &unescaped)) != nil else {
                return writeText(token, to: end)
            }
            return unescaped.withUnsafeBytes { writeText($0, to: end) }
        default: return writeText(token, to: end)
        }
    }
}
