internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Finds out the type of a template's values before the first record: it is rendered over two made-up
/// records. Where they do not agree, or cannot be rendered, the column is JSON, which holds anything.
enum TemplateProbe {
    static func type(of template: Template, over schema: Schema) -> ColumnType {
        let types = [0, 1].map { sample -> ColumnType in
            let record = JSONObject(schema.fields.map { (key: $0.name, value: value($0.type, sample)) })
            // A made-up value may be unfit for the expression; the real ones are judged one by one.
            guard
                let result = try? template.render(
                    RecordScope(.object(record), in: TimeScope(now: Timestamp(milliseconds: 0))))
            else { return .json }
            return type(of: result)
        }
        switch (types[0], types[1]) {
        case (let first, let second) where first == second: return first
        case (.int64, .float64), (.float64, .int64): return .float64
        default: return .json
        }
    }

    private static func type(of value: JSON) -> ColumnType {
        switch value {
        case .bool: .bool
        case .int: .int64
        case .uint: .uint64
        case .double: .float64
        case .string: .utf8
        case .null, .number, .array, .object: .json
        }
    }

    private static func value(_ type: ColumnType, _ sample: Int) -> JSON {
        switch type {
        case .bool: .bool(sample == 0)
        case .float32, .float64: .double(Double(sample) + 1.5)
        case .null, .json: .null
        case .date32: sample == 0 ? "2026-01-31" : "2026-02-01"
        case .time64: sample == 0 ? "10:30:00" : "23:00:00"
        case .timestamp(let isUTC): .string("2026-01-31T1\(sample):30:00\(isUTC ? "Z" : "")")
        case .utf8, .decimal128, .binary: .string("\(sample + 1)")
        default: .int(Int64(sample + 1))
        }
    }
}
