internal import TenonBatches

/// The text of JSON values that typed columns read.
enum NDJSONValue {
    /// The bytes to be read as a value of `kind`: a string's content, else the token. Nil where no value of
    /// that type is written so. May lie in `scratch`, which has room for the whole block.
    static func text(
        _ field: JSONField, _ text: UnsafeRawBufferPointer, _ kind: ColumnKind,
        _ scratch: UnsafeMutablePointer<UInt8>
    ) -> UnsafeRawBufferPointer? {
        switch field.kind {
        case .missing, .null: return nil
        case .string, .escapedString:
            switch kind {
            case .utf8, .binary, .decimal128, .date32, .time64, .timestamp: break
            case .json: return field.token(in: text)
            default: return nil
            }
            let content = field.content(in: text)
            return field.kind == .string ? content : unescaped(content, scratch)
        case .false, .true:
            return kind == .bool || kind == .utf8 || kind == .json ? field.token(in: text) : nil
        case .integer, .decimal:
            switch kind {
            case .bool, .binary, .date32, .time64, .timestamp, .null: return nil
            default: return field.token(in: text)
            }
        case .array, .object: return kind == .json || kind == .utf8 ? field.token(in: text) : nil
        }
    }

    private static func unescaped(
        _ content: UnsafeRawBufferPointer, _ scratch: UnsafeMutablePointer<UInt8>
    ) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: scratch, count: TenonBatches.JSONText.writeUnescaped(content, to: scratch))
    }
}

/// Appends the chosen lines of a block to a batch, one column after the other.
struct NDJSONFill {
    let text: UnsafeRawBufferPointer
    /// `keyCount` for each line.
    let fields: UnsafeMutablePointer<JSONField>
    let keyCount: Int
    let scratch: UnsafeMutablePointer<UInt8>

    /// Appends; lines that have a value that is not of its column's type are rejected and left out.
    func append(_ lines: inout NDJSONLines, _ plan: ReadPlan, to batch: BatchWriter) {
        guard lines.keptCount > 0 else { return }
        let rowsBefore = batch.rowCount
        let badRows = fill(lines, plan, batch)
        guard !badRows.isEmpty else { return }
        batch.truncate(to: rowsBefore)
        let firsts = Dictionary(badRows.map { ($0.row, $0.problem) }) { first, _ in first }
        var kept = 0
        for row in 0..<lines.keptCount {
            let start = lines.starts[row]
            if let problem = firsts[UInt32(truncatingIfNeeded: row)] {
                lines.reject(problem, Int(start))
                continue
            }
            if kept < row {
                (fields + kept * keyCount).update(from: fields + row * keyCount, count: keyCount)
            }
            lines.starts[kept] = start
            kept += 1
        }
        lines.keptCount = kept
        _ = fill(lines, plan, batch)
    }

    private func fill(_ lines: NDJSONLines, _ plan: ReadPlan, _ batch: BatchWriter) -> [BadRow] {
        var badRows: [BadRow] = []
        for (index, column) in plan.output.enumerated() {
            let writer = batch.columns[index]
            let first = fields + column.column
            if column.isCopied {
                fillTokens(writer, first, lines.keptCount)
            } else if column.description.kind == .utf8 {
                fillText(writer, first, lines.keptCount, column.description.name, &badRows)
            } else {
                fillAny(writer, first, lines.keptCount, column.description.name, &badRows)
            }
        }
        return badRows
    }

    /// The tokens as they stand in the file.
    private func fillTokens(_ writer: ColumnWriter, _ first: UnsafePointer<JSONField>, _ rowCount: Int) {
        writer.reserve(rows: rowCount, bytes: text.count)
        guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        let keyCount = keyCount
        writer.withTextSink { sink in
            var field = first
            for _ in 0..<rowCount {
                if field.pointee.isNull {
                    sink.appendNull()
                } else {
                    sink.append(short: base + field.pointee.start, field.pointee.end &- field.pointee.start)
                }
                field += keyCount
            }
        }
    }

    private func fillText(
        _ writer: ColumnWriter, _ first: UnsafePointer<JSONField>, _ rowCount: Int, _ name: String,
        _ badRows: inout [BadRow]
    ) {
        writer.reserve(rows: rowCount, bytes: text.count)
        guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        writer.withTextSink { sink in
            for row in 0..<rowCount {
                let field = first[row &* keyCount]
                if field.kind == .string {
                    sink.append(short: base + (field.start &+ 1), field.end &- field.start &- 2)
                } else if field.isNull {
                    sink.appendNull()
                } else if let value = NDJSONValue.text(field, text, .utf8, scratch),
                    let start = value.baseAddress?.assumingMemoryBound(to: UInt8.self)
                {
                    sink.append(start, value.count)
                } else {
                    badRows.append(bad(row, name, field))
                    sink.appendNull()
                }
            }
        }
    }

    private func fillAny(
        _ writer: ColumnWriter, _ first: UnsafePointer<JSONField>, _ rowCount: Int, _ name: String,
        _ badRows: inout [BadRow]
    ) {
        for row in 0..<rowCount {
            let field = first[row * keyCount]
            if field.isNull {
                writer.appendNull()
            } else if let value = NDJSONValue.text(field, text, writer.kind, scratch),
                TypedText.append(value, to: writer)
            {
                continue
            } else {
                badRows.append(bad(row, name, field))
                writer.appendNull()
            }
        }
    }

    @inline(never)
    private func bad(_ row: Int, _ name: String, _ field: JSONField) -> BadRow {
        let token = field.token(in: text)
        let shown = String(decoding: token.prefix(60), as: UTF8.self)
        let problem = "\"\(name)\": \(shown)\(token.count > 60 ? "…" : "") is not of the column's type"
        return BadRow(row: UInt32(truncatingIfNeeded: row), field: 0, problem: problem)
    }
}
