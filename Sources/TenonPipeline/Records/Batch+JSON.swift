package import TenonColumns
internal import TenonExpression
package import TenonJSON
package import TenonModel

extension JSON {
    var columnValue: ColumnValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value): .double(value)
        case .number(let text): .json(text)
        case .string(let text): .text(text)
        case .array, .object: .json(text)
        }
    }
}

extension ColumnBuilder {
    /// Appends a JSON value; false where it does not fit the type.
    package func append(json: JSON) -> Bool {
        if type == .json, !json.isNull { return append(value: .json(json.text)) }
        return append(value: json.columnValue)
    }
}

extension Batch {
    /// One record as an object.
    package func json(row: Int) -> JSON {
        .object(
            JSONObject(zip(schema.fields, columns).map { (key: $0.name, value: JSON($1.value(at: row))) }))
    }

    /// Records that are objects; the types are inferred from all of them where there is no schema.
    package init(records: [JSON], schema: Schema? = nil) throws(TenonError) {
        var lines: [UInt8] = []
        for (index, record) in records.enumerated() {
            guard record.object != nil else {
                throw TenonError(
                    .pipelineRecord, "Record \(index + 1) is not an object but \(record.typeName).")
            }
            lines += JSONWriter.bytes(record) + [0x0A]
        }
        var reader = NDJSONReader(schema: schema, batchRows: .max, batchBytes: .max, inferenceLines: .max)
        reader.append(lines, rowCount: records.count)
        let batches = try reader.takeBatches(isFinal: true)
        if let misfit = reader.takeRejects().first {
            throw TenonError(.pipelineRecord, "Record \(misfit.row + 1) cannot be used: \(misfit.reason).")
        }
        guard batches.count <= 1 else {
            throw TenonError(.pipelineRecord, "There are more than \(Limits.batchRows) records.")
        }
        self = batches.first ?? Batch(empty: reader.schema ?? Schema([]))
    }
}
