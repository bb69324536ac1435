import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonTestKit

/// Random records and definitions that mostly suit them.
struct RandomPipeline {
    private var random: SeededGenerator
    private var resultCount = 0
    private static let types: [ColumnType] = [
        .int64, .int64, .float64, .utf8, .utf8, .bool, .date32, .json, .uint8,
    ]
    private static let texts = ["", "a", "ab", "b", "7", "-3", "2.5", "ü,\"x\"", "2026-01-31"]
    private static let days = ["2025-12-31", "2026-01-31", "2026-02-01"]
    private static let tokens = ["1", "2.5", "\"s\"", "[1,2]", "{\"k\":1}", "true"]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    mutating func pick<T>(_ values: [T]) -> T { values[number(0...values.count - 1)] }

    // MARK: Records

    mutating func batch() throws -> Batch {
        let fields = (0..<number(2...6)).map { Field("c\($0)", pick(Self.types)) }
        let rowCount = number(1...40)
        var columns: [Column] = []
        for field in fields {
            let builder = ColumnBuilder(field.type)
            for _ in 0..<rowCount {
                let value = chance(15) ? JSON.null : value(field.type)
                guard builder.append(json: value) else { throw MissingValue() }
            }
            columns.append(builder.finish())
        }
        return Batch(schema: Schema(fields), columns: columns, rowCount: rowCount)
    }

    private mutating func value(_ type: ColumnType) -> JSON {
        switch type {
        case .int64: .int(Int64(number(-4...9)))
        case .uint8: .int(Int64(number(0...255)))
        case .float64: .double(Double(number(-8...8)) / 2)
        case .bool: .bool(chance(50))
        case .date32: .string(pick(Self.days))
        case .json: (try? JSONParser.parse(pick(Self.tokens))) ?? .null
        default: .string(pick(Self.texts))
        }
    }

    // MARK: Definitions

    /// A definition over `schema`; it may be one that planning refuses.
    mutating func definition(_ schema: Schema) throws -> PipelineDefinition {
        var fields = schema.fields
        var stages: [JSON] = [["name": "Extract", "type": "extract", "transformations": []]]
        for index in 0..<number(1...3) {
            let adds = chance(20)
            let steps = (0..<number(1...3)).map { _ in step(&fields, adds: adds) }
            stages.append([
                "name": .string("S\(index)"), "type": adds ? "enrich" : "transform",
                "onError": chance(70) ? "skip" : "fail", "transformations": .array(steps),
            ])
        }
        stages.append(["name": "Load", "type": "load"])
        let json: JSON = [
            "projectId": "p", "name": "n", "sourceIntegrationId": "s", "targetIntegrationId": "t",
            "stages": .array(stages),
        ]
        return try PipelineDefinition.parse(json).definition
    }

    private mutating func step(_ fields: inout [Field], adds: Bool) -> JSON {
        let field = pick(fields)
        switch number(1...20) {
        case 1...7: return filter(field)
        case 8: return ["type": "filter", "expression": .string(expression(field))]
        case 9...11: return map(&fields, adds: adds)
        case 12, 13:
            let kept = fields.filter { _ in chance(70) }
            guard !kept.isEmpty else { return filter(field) }
            fields = kept
            return ["type": "select", "fields": .array(kept.map { .string($0.name) })]
        case 14:
            guard fields.count > 1 else { return filter(field) }
            fields.removeAll { $0.name == field.name }
            return ["type": "drop", "fields": .string(field.name)]
        case 15: return rename(&fields, field)
        case 16, 17:
            let type: ColumnType = pick([.int64, .utf8, .float64, .json])
            guard let index = fields.firstIndex(of: field) else { return filter(field) }
            fields[index].type = type
            return [
                "type": "cast", "fields": .object(JSONObject([(key: field.name, value: .string(type.name))])),
            ]
        case 18: return ["type": "limit", "count": .int(Int64(number(0...12)))]
        default: return aggregate(&fields, field)
        }
    }

    private mutating func literal(_ type: ColumnType) -> JSON {
        type == .json ? .int(1) : value(type)
    }

    private mutating func expression(_ field: Field) -> String {
        let sign = pick(["==", "!=", "<", "<=", ">", ">="])
        switch number(1...5) {
        case 1: return "\(literal(field.type).text) \(sign) \(field.name)"
        case 2: return "\(field.name) in [\(literal(field.type).text), \(literal(field.type).text)]"
        case 3: return "\(field.name) \(sign) \(literal(field.type).text) && \(field.name) != null"
        case 4:
            return
                "\(field.name) != \(literal(field.type).text) && \(field.name) \(sign) \(literal(field.type).text)"
        default: return "\(field.name) \(sign) \(literal(field.type).text)"
        }
    }

    private mutating func filter(_ field: Field) -> JSON {
        let value: JSON
        let operation: String
        switch number(1...9) {
        case 1: (operation, value) = (pick(["exists", "isNull"]), .bool(chance(50)))
        case 2:
            (operation, value) = (pick(["in", "notIn"]), [literal(field.type), nil, literal(field.type)])
        case 3 where field.type != .bool:
            (operation, value) = ("between", [literal(field.type), literal(field.type)])
        case 4 where field.type == .utf8:
            (operation, value) = (pick(["contains", "startsWith", "endsWith"]), "a")
        case 5 where field.type != .bool:
            (operation, value) = (pick(["<", "<=", ">", ">="]), literal(field.type))
        default: (operation, value) = (pick(["equals", "notEquals"]), literal(field.type))
        }
        let condition: JSON = ["field": .string(field.name), "operator": .string(operation), "value": value]
        return ["type": "filter", "condition": condition]
    }

    private mutating func map(_ fields: inout [Field], adds: Bool) -> JSON {
        var mapping = JSONObject()
        var result = adds ? fields : []
        for index in 0..<number(1...3) {
            let field = pick(fields)
            let name = chance(60) ? "m\(index)" : field.name
            guard mapping[name] == nil else { continue }
            var type = field.type
            if chance(30) {
                mapping[name] = .string("{{ \(field.name) \(pick(["+", "*"])) 1 }}")
            } else if field.type == .json, chance(50) {
                mapping[name] = .string("\(field.name).k")
            } else if chance(15) {
                mapping[name] = .string("#{{\(field.name)}}")
                type = .utf8
            } else {
                mapping[name] = .string(field.name)
            }
            result.removeAll { $0.name == name }
            result.append(Field(name, type))
        }
        fields = result
        return ["type": "map", "mapping": .object(mapping)]
    }

    private mutating func rename(_ fields: inout [Field], _ field: Field) -> JSON {
        let other = chance(50) ? pick(fields).name : "r\(number(0...99))"
        var mapping: JSONObject = [:]
        mapping[field.name] = .string(other)
        if other != field.name, fields.contains(where: { $0.name == other }) {
            mapping[other] = .string(field.name)
        }
        fields = fields.map { old in
            var new = old
            new.name = mapping[old.name]?.string ?? old.name
            return new
        }
        return ["type": "rename", "mapping": .object(mapping)]
    }

    private mutating func aggregate(_ fields: inout [Field], _ field: Field) -> JSON {
        let operation = pick(["count", "countDistinct", "first", "last", "sum", "min"])
        resultCount += 1
        let name = "x\(resultCount)"
        var aggregation: JSONObject = [
            "operation": .string(operation), "field": .string(field.name), "as": .string(name),
        ]
        if chance(60) { aggregation["groupBy"] = .string(pick(fields).name) }
        let key = aggregation["groupBy"]?.string
        fields =
            fields.filter { $0.name == key } + [
                Field(name, operation.hasPrefix("count") ? .int64 : field.type)
            ]
        return ["type": "aggregate", "aggregation": .object(aggregation)]
    }
}
