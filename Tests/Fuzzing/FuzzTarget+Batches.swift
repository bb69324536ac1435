internal import TenonColumns
internal import TenonModel

extension FuzzTarget {
    /// A batch that a peer wrote is refused, or every value of it can be read and it is written as it was.
    static let batch = FuzzTarget(
        name: "batch", seeds: [#"{"columns": [{"name": "a", "type": "decimal128(9,2)"}]}"#],
        madeSeeds: FuzzBatch.seeds
    ) { bytes in
        let parts = bytes.parts(2)
        guard let schema = try? Schema.parse(json: parts[0]) else { return }
        if (try? Schema.parse(json: Array(schema.jsonText.utf8))) != schema {
            broken("a schema is read back as it was")
        }
        guard let batch = parts[1].withUnsafeBytes({ try? BatchWire.decode($0, schema: schema) }) else {
            return
        }
        let written = FuzzBatch.encoded(batch)
        guard let again = written.withUnsafeBytes({ try? BatchWire.decode($0, schema: schema) }) else {
            broken("a batch that is written can be read")
        }
        if FuzzBatch.encoded(again) != written { broken("a batch is written as it was read") }
        let lines = try? NDJSONWriter.lines(of: batch)
        if (try? NDJSONWriter.lines(of: again)) != lines { broken("a batch has the same values") }
        for row in 0..<min(batch.rowCount, 64) {
            for column in batch.columns { _ = column.isNull(at: row) }
        }
    }

    /// Lines are batches, however they come in; what is written of them is read back as it was.
    static let lines = FuzzTarget(
        name: "lines",
        seeds: [
            "\0{\"a\": 1, \"b\": \"x\"}\n{\"b\": null, \"a\": 2.5}\n\n[1]\n{\"a\": 18446744073709551615}\r\n{\"é\\u00e9\": {}}",
            FuzzBatch.schema + "\0" + FuzzBatch.lines,
            "\0{\"a\":\"2026-01-31\"}\n{\"a\":-0}\n{\"a\":1e400}\n{\"a\":{\"b\":[]}}",
        ]
    ) { bytes in
        let parts = bytes.parts(2)
        let schema = try? Schema.parse(json: parts[0])
        let whole = FuzzBatch.read(parts[1], schema: schema, isSplit: false)
        let split = FuzzBatch.read(parts[1], schema: schema, isSplit: true)
        if whole.lines != split.lines { broken("lines are the same however they come") }
        if whole.rejects != split.rejects { broken("what is refused is the same however it comes") }
        guard let found = whole.schema, !whole.lines.isEmpty else { return }
        let again = FuzzBatch.read(whole.lines, schema: found, isSplit: false)
        if again.lines != whole.lines { broken("lines that were written are read back as they were") }
        if !again.rejects.isEmpty { broken("lines that were written fit: \(again.rejects[0].reason)") }
    }
}
