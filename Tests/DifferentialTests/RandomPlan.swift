import TenonColumns
import TenonTestKit

/// A random pipeline over a table: as Tenon's definition, and as the steps that peers.py reads.
struct RandomPlan {
    private(set) var transformations: [String] = []
    private(set) var steps: [String] = []
    private(set) var hasAggregate = false
    private var fields: [(name: String, type: ColumnType, column: Column)]

    init(_ table: RandomTable, _ random: inout SeededGenerator) {
        fields = zip(table.batch.schema.fields, table.batch.columns).map { ($0.name, $0.type, $1) }
        for _ in 0..<Int.random(in: 0...2, using: &random) { addFilter(&random) }
        if Bool.random(using: &random) { addMap(&random) }
        if Int.random(in: 0..<4, using: &random) == 0 { addFilter(&random) }
        if Bool.random(using: &random) { addAggregate(&random) }
    }

    var definition: String {
        """
        {"projectId":"p","name":"n","sourceIntegrationId":"s","targetIntegrationId":"t","stages":[
        {"name":"Extract","type":"extract"},
        {"name":"Work","type":"transform","transformations":[\(transformations.joined(separator: ","))]},
        {"name":"Load","type":"load"}]}
        """
    }

    // MARK: Filters

    private mutating func addFilter(_ random: inout SeededGenerator) {
        guard let field = fields.randomElement(using: &random) else { return }
        let literals = Literals(field.type, field.column)
        let word = Self.operators(field.type).randomElement(using: &random) ?? "exists"
        var given: [(definition: String, peer: String)] = []
        switch word {
        case "exists", "isNull": break
        case "in", "notIn": given = (0..<3).map { _ in literals.any(&random) }
        case "between": given = [literals.any(&random), literals.any(&random)]
        default: given = [literals.any(&random)]
        }
        let own = given.map(\.definition).joined(separator: ",")
        let value =
            given.isEmpty
            ? "" : ",\"value\":" + (["in", "notIn", "between"].contains(word) ? "[\(own)]" : own)
        transformations.append(
            "{\"type\":\"filter\",\"condition\":{\"field\":\"\(field.name)\",\"operator\":\"\(word)\"\(value)}}"
        )
        let values = given.map { Self.quoted($0.peer) }.joined(separator: ",")
        steps.append(
            "{\"do\":\"filter\",\"column\":\"\(field.name)\",\"operator\":\"\(word)\",\"values\":[\(values)]}"
        )
    }

    private static func operators(_ type: ColumnType) -> [String] {
        switch type {
        case .null, .json, .binary: return ["exists", "isNull"]
        case .bool: return ["exists", "isNull", "equals", "notEquals", "in", "notIn"]
        default: break
        }
        let ordered = [
            "exists", "isNull", "equals", "notEquals", "in", "notIn", "greaterThan", "greaterOrEqual",
            "lessThan", "lessOrEqual", "between",
        ]
        return type == .utf8 ? ordered + ["contains", "startsWith", "endsWith"] : ordered
    }

    // MARK: Maps

    private mutating func addMap(_ random: inout SeededGenerator) {
        let chosen = fields.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }.shuffled(using: &random)
        guard !chosen.isEmpty else { return }
        let renamed = chosen.enumerated().map { (name: "m\($0)", source: $1) }
        let own = renamed.map { "\"\($0.name)\":\"\($0.source.name)\"" }.joined(separator: ",")
        transformations.append("{\"type\":\"map\",\"mapping\":{\(own)}}")
        let pairs = renamed.map { "[\"\($0.name)\",\"\($0.source.name)\"]" }.joined(separator: ",")
        steps.append("{\"do\":\"map\",\"fields\":[\(pairs)]}")
        fields = renamed.map { ($0.name, $0.source.type, $0.source.column) }
    }

    // MARK: Aggregations

    private mutating func addAggregate(_ random: inout SeededGenerator) {
        let groupable = fields.filter { $0.type != .json && $0.type != .null }
        let keys = groupable.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
        var own: [String] = []
        var items: [String] = []
        for index in 0..<Int.random(in: 1...3, using: &random) {
            guard
                let field = fields.filter({ $0.type != .null && $0.type != .json }).randomElement(
                    using: &random),
                let operation = AggregateOperation.allCases.randomElement(using: &random),
                let result = operation.resultType(field.type)
            else { continue }
            let name = operation.rawValue
            let groups = keys.map { "\"\($0.name)\"" }.joined(separator: ",")
            own.append(
                "{\"operation\":\"\(name)\",\"field\":\"\(field.name)\",\"as\":\"a\(index)\",\"groupBy\":[\(groups)]}"
            )
            items.append(
                "{\"operation\":\"\(name)\",\"column\":\"\(field.name)\",\"kind\":\"\(result.name)\"}")
        }
        guard !own.isEmpty else { return }
        hasAggregate = true
        transformations.append("{\"type\":\"aggregate\",\"aggregation\":[\(own.joined(separator: ","))]}")
        let names = keys.map { "\"\($0.name)\"" }.joined(separator: ",")
        steps.append("{\"do\":\"aggregate\",\"keys\":[\(names)],\"items\":[\(items.joined(separator: ","))]}")
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                result += "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Values that a column is compared with: mostly some of its own.
private struct Literals {
    private let type: ColumnType
    private let column: Column

    init(_ type: ColumnType, _ column: Column) {
        self.type = type
        self.column = column
    }

    /// One value, in the definition and for the peers.
    func any(_ random: inout SeededGenerator) -> (definition: String, peer: String) {
        for _ in 0..<4 {
            guard column.count > 0 else { break }
            let row = Int.random(in: 0..<column.count, using: &random)
            guard let peer = column.peerText(at: row), let own = own(row) else { continue }
            return (own, peer)
        }
        let few = RandomValues(type: type, nullShare: 0).column(8, &random)
        let other = Literals(type, few)
        for row in 0..<8 {
            if let peer = few.peerText(at: row), let own = other.own(row) { return (own, peer) }
        }
        // Eight times no finite float.
        return ("1", "3ff0000000000000")
    }

    /// The value as a definition writes it; nil for floats that JSON does not have.
    private func own(_ row: Int) -> String? {
        switch column.value(at: row) {
        case .null, .json: nil
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .double(let value): value.isFinite ? value.description : nil
        case .text(let text): RandomPlan.quoted(text)
        }
    }
}
