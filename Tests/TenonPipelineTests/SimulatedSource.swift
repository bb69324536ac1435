import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline

/// A source that follows of a request what it is told to, and reads the request as a connector does: as JSON.
struct SimulatedSource {
    /// How values look that are handed out as text.
    enum TextForm: CaseIterable { case none, csv, ndjson }

    let batch: Batch
    var follows: Honoured
    var textForm = TextForm.csv
    /// Whether a partial filter lets a record pass that does not match.
    var lets: (Int) -> Bool = { $0 % 3 == 0 }

    struct Reader {
        let honoured: Honoured
        let batch: Batch
        let skipped: Int
    }

    func open(_ request: SourceRequest) throws -> Reader {
        let json = JSON.object(request.adding(to: ["stream": "designs"]))
        guard json["stream"] == "designs" else { throw MissingValue() }
        var rows = Array(0..<batch.rowCount)
        if let filter = json["filter"], follows.filter != .none {
            let conditions = try required(filter["all"]?.array)
            rows = try rows.filter { row in
                try conditions.allSatisfy { try holds($0, row) } || (follows.filter == .partial && lets(row))
            }
        }
        let skipped = batch.rowCount - rows.count
        if let limit = json["limit"]?.int, follows.limit { rows = Array(rows.prefix(Int(limit))) }
        let columns = follows.columns ? json["columns"]?.array : nil
        let answer =
            "{\"columns\":\(follows.columns),\"filter\":\"\(follows.filter.rawValue)\",\"limit\":\(follows.limit)}"
        return Reader(
            honoured: Honoured(Array(answer.utf8)), batch: try handedOut(columns, rows), skipped: skipped)
    }

    private func holds(_ condition: JSON, _ row: Int) throws -> Bool {
        let field: JSON = [
            "field": condition["column"] ?? .null, "operator": condition["operator"] ?? .null,
            "value": condition["value"] ?? .null,
        ]
        return try !Transformations.apply(["type": "filter", "condition": field], to: batch.json(row: row))
            .isNull
    }

    private func handedOut(_ columns: [JSON]?, _ rows: [Int]) throws -> Batch {
        let gathered = batch.gathered(rows.map { Int32($0) })
        guard let columns else { return gathered }
        var fields: [Field] = []
        var values: [Column] = []
        for requested in columns {
            let index = try required(requested["name"]?.string.flatMap { batch.schema.index(of: $0) })
            var field = batch.schema.fields[index]
            var column = gathered.columns[index]
            if requested["as"] == "text", textForm != .none {
                let physical: ColumnType = textForm == .csv ? .utf8 : .json
                if field.type != physical {
                    column = try column.cast(to: physical, name: field.name)
                    field = Field(field.name, physical, isNullable: field.isNullable, late: field.type)
                }
            }
            fields.append(field)
            values.append(column)
        }
        return Batch(schema: Schema(fields), columns: values, rowCount: rows.count)
    }
}

struct MissingValue: Error {}

func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw MissingValue() }
    return value
}
