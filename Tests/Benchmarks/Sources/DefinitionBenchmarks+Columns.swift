import TenonBatches
import TenonColumns
import TenonExpression
import TenonJSON
import TenonModel

extension DefinitionBenchmarks {
    /// Expressions over a batch, beside the same record by record.
    func columns() throws {
        let rowCount = 8192
        func column(_ type: ColumnType, _ value: (Int) -> ColumnValue) -> Column {
            let builder = ColumnBuilder(type)
            for row in 0..<rowCount where !builder.append(value: value(row)) { builder.appendNull() }
            return builder.finish()
        }
        let columns: [String: Column] = [
            "count": column(.int64) { .int(Int64($0 % 97)) },
            "cost": column(.float64) { .double(Double($0) * 0.5) },
            "status": column(.utf8) { .text(["active", "draft", "done"][$0 % 3]) },
        ]
        let scope = ColumnScope(columns)
        for text in ["count > 5 && status == 'active'", "cost * 1.2", "count > 50 ? cost : 0.0"] {
            let expression = try Expression.compile(text)
            guard let program = ColumnProgram(expression, types: columns.mapValues(\.type)) else { continue }
            let whole = secondsPerCall(calls: 10) {
                _ = program.evaluate(columns, rows: nil, rowCount: rowCount)
            }
            let single = try secondsPerCall(calls: 1) {
                for row in 0..<rowCount { _ = try expression.evaluate(scope.at(row)) }
            }
            Figure(
                name: "expression.columns", value: Double(rowCount) / whole, unit: "rows/s",
                beside: ("record by record", Double(rowCount) / single), notes: ["expression": .string(text)]
            ).print()
        }
    }

    /// Finding and checking the values of lines of JSON, as the files connector does.
    func lines() throws {
        let line = JSON.object([
            "id": "d-100045", "name": "Bracket, left, with a longer text to carry", "status": "active",
            "cost": 12.5, "version": 7, "tags": ["a", "b"],
            "owner": ["name": "Ana", "mail": "ana@example.com"],
            "note": "the quick brown fox jumps over the lazy dog",
        ])
        let bytes = Array(String(repeating: line.text + "\n", count: 100_000).utf8)
        let scanner = JSONRecordScanner(keys: ["id", "status", "cost"])
        let fields = UnsafeMutablePointer<JSONField>.allocate(capacity: 3)
        defer { fields.deallocate() }
        let seconds = try bytes.withUnsafeBytes { text in
            try secondsPerCall(calls: 1) {
                var at = 0
                while at < text.count { at = try scanner.scan(text, from: at, into: fields) + 1 }
            }
        }
        let rate = Double(bytes.count) / seconds / 1e9
        Figure(
            name: "json.scan-lines", value: rate, unit: "GB/s", goal: (">= 1 GB/s", rate >= 1),
            notes: ["lineBytes": .int(Int64(line.text.utf8.count + 1))]
        ).print()
    }
}
