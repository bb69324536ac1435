internal import TenonConnectorKit

/// Writes rows as lines of JSON, one object a row, nulls included.
///
/// Late columns: a token of JSON is copied as it is; the text of a value becomes what reading it would have
/// given, and a row whose text is no value of its type is refused.
final class NDJSONEncoder: RowEncoder {
    private enum Mode {
        /// Texts without bytes that need an escape.
        case plainText
        case text
        /// Tokens of JSON on one line.
        case token
        /// Tokens of JSON with line ends between them.
        case brokenToken
        case binary
        /// A fixed width that is a word or a number of JSON.
        case number
        case float
        /// A fixed width that is a string.
        case quoted
        /// A text that stands for a value.
        case late(ColumnKind)
        case null
    }

    private struct Column {
        var mode: Mode
        var text: ColumnText
        var view: ColumnView
        /// What stands before the value: `{"name":` or `,"name":`.
        var key: Int
        var keyCount: Int
    }

    private let columns: [ColumnDescription]
    /// The keys of all columns, one after the other, and where each ends.
    private let keys = OutputBuffer(capacity: 1024)
    private var keyEnds: [Int] = []
    private var prepared: [Column] = []

    init(_ schema: BatchSchema) {
        columns = schema.columns
        for (index, column) in columns.enumerated() {
            keys.append([UInt8(ascii: index == 0 ? "{" : ",")])
            keys.append(JSONValue.string(column.name).bytes)
            keys.append([UInt8(ascii: ":")])
            keyEnds.append(keys.count)
        }
    }

    var header: [UInt8] { [] }

    // MARK: a batch

    func begin(_ batch: BatchView) {
        prepared = batch.columns.enumerated().map { index, view in
            let key = index == 0 ? 0 : keyEnds[index - 1]
            return Column(
                mode: mode(index, view), text: ColumnText(view), view: view, key: key,
                keyCount: keyEnds[index] - key)
        }
    }

    private func mode(_ index: Int, _ view: ColumnView) -> Mode {
        switch view.kind {
        case .null: return .null
        case .binary: return .binary
        case .utf8:
            if let late = columns[index].late, late != .utf8 { return .late(late) }
            return isPlain(ColumnText(view).bytes(0..<view.rowCount)) ? .plainText : .text
        case .json:
            let bytes = ColumnText(view).bytes(0..<view.rowCount)
            let isOneLine =
                ByteSearch.first(0x0A, in: bytes) == nil && ByteSearch.first(0x0D, in: bytes) == nil
            return isOneLine ? .token : .brokenToken
        case .float32, .float64: return .float
        case .date32, .time64, .timestamp, .decimal128: return .quoted
        default: return .number
        }
    }

    private func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return tenon_json_plain(base, bytes.count) == bytes.count
    }

    func room(_ rows: Range<Int>) -> Int {
        var room = keys.count * rows.count
        for column in prepared {
            switch column.mode {
            case .plainText, .token, .brokenToken: room += column.text.bytes(rows).count + 4 * rows.count
            // A control character becomes six bytes.
            case .text, .late: room += column.text.bytes(rows).count * 6 + ValueText.room * rows.count
            case .binary: room += column.text.bytes(rows).count * 2 + 8 * rows.count
            case .number, .float, .quoted: room += ValueText.room * rows.count
            case .null: room += 4 * rows.count
            }
        }
        return room + 4 * rows.count
    }

    func append(_ rows: Range<Int>, to buffer: OutputBuffer, refused: inout [RefusedRow]) {
        var end = buffer.end
        prepared.withUnsafeBufferPointer { columns in
            guard let columns = columns.baseAddress else { return }
            for row in rows { end = line(row, columns, to: end, &refused) }
        }
        buffer.count = end - buffer.base
    }

    // MARK: rows

    @inline(__always)
    private func line(
        _ row: Int, _ fields: UnsafePointer<Column>, to start: UnsafeMutablePointer<UInt8>,
        _ refused: inout [RefusedRow]
    ) -> UnsafeMutablePointer<UInt8> {
        var end = start
        let keyBase = keys.base
        for index in 0..<columns.count {
            let field = fields + index
            copyKey(keyBase + field.pointee.key, field.pointee.keyCount, to: end)
            end += field.pointee.keyCount
            let written =
                field.pointee.view.isNull(row) ? ValueText.word("null", to: end) : value(field, row, end)
            guard written > 0 else {
                refused.append(refusal(row, index, field.pointee.view))
                return start
            }
            end += written
        }
        end.pointee = UInt8(ascii: "}")
        end[1] = 0x0A
        return end + 2
    }

    @inline(__always)
    private func copyKey(
        _ key: UnsafeMutablePointer<UInt8>, _ count: Int, to end: UnsafeMutablePointer<UInt8>
    ) {
        // Both buffers have room to spare.
        let from = UnsafeRawPointer(key)
        let to = UnsafeMutableRawPointer(end)
        to.storeBytes(of: from.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        if count > 16 { to.copyMemory(from: from, byteCount: count) }
    }

    /// Writes a value that is not null and answers how many bytes it has, 0 where it cannot be written.
    @inline(__always)
    private func value(_ field: UnsafePointer<Column>, _ row: Int, _ end: UnsafeMutablePointer<UInt8>) -> Int
    {
        switch field.pointee.mode {
        case .plainText:
            let (start, stop) = field.pointee.view.range(row)
            end.pointee = UInt8(ascii: "\"")
            field.pointee.text.copy(start, stop - start, to: end + 1)
            end[stop - start + 1] = UInt8(ascii: "\"")
            return stop - start + 2
        case .token:
            let (start, stop) = field.pointee.view.range(row)
            if start == stop { return ValueText.word("null", to: end) }
            field.pointee.text.copy(start, stop - start, to: end)
            return stop - start
        case .text: return JSONText.quote(field.pointee.view.bytes(row), to: end)
        case .brokenToken: return JSONText.joined(field.pointee.view.bytes(row), to: end)
        case .binary:
            let count = Base64.write(field.pointee.view.bytes(row), to: end + 1)
            return quoted(count, end)
        case .number: return ValueText.write(field.pointee.view, row, to: end)
        case .float:
            guard field.pointee.view.double(row).isFinite else { return 0 }
            return ValueText.write(field.pointee.view, row, to: end)
        case .quoted: return quoted(ValueText.write(field.pointee.view, row, to: end + 1), end)
        case .late(let kind): return LateText.write(field.pointee.view.bytes(row), as: kind, to: end)
        case .null: return ValueText.word("null", to: end)
        }
    }

    /// Puts quotes around what was written behind `end`.
    @inline(__always)
    private func quoted(_ count: Int, _ end: UnsafeMutablePointer<UInt8>) -> Int {
        end.pointee = UInt8(ascii: "\"")
        end[count + 1] = UInt8(ascii: "\"")
        return count + 2
    }

    private func refusal(_ row: Int, _ index: Int, _ view: ColumnView) -> RefusedRow {
        let name = columns[index].name
        guard let late = columns[index].late, view.kind == .utf8 else {
            return RefusedRow(
                row: row,
                reason: "The column \"\(name)\" has the value \(view.double(row)), which JSON does not have.")
        }
        let text = String(decoding: view.bytes(row).prefix(100), as: UTF8.self)
        return RefusedRow(
            row: row, reason: "The column \"\(name)\" has the text \"\(text)\", which is no \(late.name).")
    }
}
