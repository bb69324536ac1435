internal import TenonColumns
internal import TenonJSON
internal import TenonModel

/// The columns that the target gets, and what it promises.
struct ExplainedTarget {
    private let definition: PipelineDefinition
    private let columns: Schema
    private let facts: ExplanationFacts

    init(_ definition: PipelineDefinition, _ plan: PipelinePlan, _ facts: ExplanationFacts) {
        self.definition = definition
        self.facts = facts
        columns = facts.targetColumns ?? plan.outputSchema
    }

    var section: ExplainedSection {
        let load = definition.load
        var json: JSONObject = [
            "integrationId": .string(definition.targetIntegrationID.rawValue),
            "mode": .string(load.mode.rawValue),
            "keys": .array(load.keys.map { .string($0) }),
            "columns": .array(columns.fields.map(Self.json)),
        ]
        if let stream = facts.targetStream { json["stream"] = .string(stream) }
        if let guarantee = facts.guarantee { json["guarantee"] = .string(guarantee) }
        let mode =
            load.keys.isEmpty
            ? load.mode.rawValue : "\(load.mode.rawValue) by \(load.keys.joined(separator: ", "))"
        var lines: [(label: String, text: String)] = [
            ("mode", mode), ("columns", columns.fields.map(Self.text).joined(separator: ", ")),
        ]
        switch facts.guarantee {
        case "exactlyOnce": lines.append(("records", "exactly once"))
        case "atLeastOnce": lines.append(("records", "at least once"))
        default: break
        }
        let stream = facts.targetStream.map { ", \($0)" } ?? ""
        return ExplainedSection(
            "target", .object(json), title: "target \(definition.targetIntegrationID.rawValue)\(stream)",
            lines: lines)
    }

    private static func json(_ field: Field) -> JSON {
        [
            "name": .string(field.name), "type": .string(field.meantType.name),
            "as": .string(field.late == nil ? "typed" : "text"),
        ]
    }

    private static func text(_ field: Field) -> String {
        "\(field.name) \(field.meantType.name)\(field.late == nil ? "" : " (text)")"
    }
}
