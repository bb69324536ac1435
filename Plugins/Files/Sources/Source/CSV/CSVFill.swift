internal import TenonBatches

/// Appends the chosen rows of a block to a batch, one column after the other.
struct CSVFill {
    let fields: CSVFields
    let plan: ReadPlan
    let fieldOfColumn: [Int?]

    /// Appends and answers the rows that have a value that is not of its column's type: they are left out, in
    /// `places` too. `byteCount`: no column gets more bytes than that.
    func append(_ places: CSVPlaces, _ byteCount: Int, to batch: BatchWriter) -> [BadRow] {
        guard places.rowCount > 0 else { return [] }
        let rowsBefore = batch.rowCount
        let badRows = fill(places, byteCount, batch)
        guard !badRows.isEmpty else { return [] }
        batch.truncate(to: rowsBefore)
        let firsts = Dictionary(badRows.map { ($0.row, $0) }) { first, _ in first }
        var kept = 0
        for index in 0..<places.rowCount where firsts[places.rows[index]] == nil {
            places.rows[kept] = places.rows[index]
            kept += 1
        }
        places.rowCount = kept
        _ = fill(places, byteCount, batch)
        return Array(firsts.values)
    }

    private func fill(_ places: CSVPlaces, _ byteCount: Int, _ batch: BatchWriter) -> [BadRow] {
        var badRows: [BadRow] = []
        for (index, column) in plan.output.enumerated() {
            let writer = batch.columns[index]
            let name = column.description.name
            guard let field = fieldOfColumn[column.column] else {
                for _ in 0..<places.rowCount { writer.appendNull() }
                continue
            }
            switch column.description.kind {
            case .utf8: fillText(writer, places, field, byteCount)
            case .int64: fillFixed(writer, places, field, name, &badRows) { TypedText.int64($0) }
            case .float64: fillFixed(writer, places, field, name, &badRows) { TypedText.double($0) }
            case .timestamp(let isUTC):
                fillFixed(writer, places, field, name, &badRows) { TypedText.timestamp($0, isUTC: isUTC) }
            default: fillAny(writer, places, field, name, &badRows)
            }
        }
        return badRows
    }

    private func fillText(_ writer: ColumnWriter, _ places: CSVPlaces, _ field: Int, _ byteCount: Int) {
        writer.reserve(rows: places.rowCount, bytes: byteCount)
        let rows = places.rows
        let rowCount = places.rowCount
        let fields = fields
        writer.withTextSink { sink in
            for index in 0..<rowCount {
                let text = fields.text(rows[index], field)
                if text.isNull {
                    sink.appendNull()
                } else {
                    sink.append(short: text.start, text.count)
                }
            }
        }
    }

    @inline(__always)
    private func fillFixed<Value: BitwiseCopyable & Numeric>(
        _ writer: ColumnWriter, _ places: CSVPlaces, _ field: Int, _ name: String,
        _ badRows: inout [BadRow], _ parse: (UnsafeRawBufferPointer) -> Value?
    ) {
        writer.reserve(rows: places.rowCount)
        let rows = places.rows
        let rowCount = places.rowCount
        let fields = fields
        writer.withFixedSink(of: Value.self) { sink in
            for index in 0..<rowCount {
                let text = fields.text(rows[index], field)
                if text.isNull {
                    sink.appendNull(.zero)
                } else if let value = parse(text.bytes) {
                    sink.append(value)
                } else {
                    badRows.append(Self.bad(rows[index], field, name, text))
                    sink.appendNull(.zero)
                }
            }
        }
    }

    private func fillAny(
        _ writer: ColumnWriter, _ places: CSVPlaces, _ field: Int, _ name: String, _ badRows: inout [BadRow]
    ) {
        for index in 0..<places.rowCount {
            let row = places.rows[index]
            let text = fields.text(row, field)
            if text.isNull {
                writer.appendNull()
            } else if !TypedText.append(text.bytes, to: writer) {
                badRows.append(Self.bad(row, field, name, text))
                writer.appendNull()
            }
        }
    }

    @inline(never)
    private static func bad(_ row: UInt32, _ field: Int, _ name: String, _ text: FieldText) -> BadRow {
        BadRow(row: row, field: field, problem: "\"\(name)\": \(text.misfit)")
    }
}
