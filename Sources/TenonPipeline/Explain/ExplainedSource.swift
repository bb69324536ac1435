internal import TenonColumns
internal import TenonJSON
internal import TenonModel

/// What the source is asked for, what it follows of that, and what it hands out.
struct ExplainedSource {
    private let definition: PipelineDefinition
    private let plan: PipelinePlan
    private let request: SourceRequest
    private let facts: ExplanationFacts

    init(
        _ definition: PipelineDefinition, _ plan: PipelinePlan, _ request: SourceRequest,
        _ facts: ExplanationFacts
    ) {
        self.definition = definition
        self.plan = plan
        self.request = request
        self.facts = facts
    }

    private struct AskedColumn {
        let name: String
        let type: ColumnType
        let isText: Bool

        var text: String { isText ? "\(name) (text)" : "\(name) (\(type.name))" }
        var json: JSON {
            [
                "name": .string(name), "type": .string(type.name),
                "as": .string(isText ? "text" : "typed"),
            ]
        }
    }

    private var columns: [AskedColumn] {
        let types = Dictionary(
            request.announced.fields.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
        let requested = request.columns ?? request.announced.names.map { RequestedColumn($0) }
        return requested.map {
            AskedColumn(name: $0.name, type: types[$0.name] ?? .null, isText: $0.isLate)
        }
    }

    private var leftOut: [String] {
        guard let columns = request.columns else { return [] }
        let asked = Set(columns.map(\.name))
        return request.announced.names.filter { !asked.contains($0) }
    }

    var section: ExplainedSection {
        var json: JSONObject = [
            "integrationId": .string(definition.sourceIntegrationID.rawValue),
            "columns": .array(columns.map(\.json)),
            "leftOut": .array(leftOut.map { .string($0) }),
            "filter": .array(request.filter.map(\.json)),
            "limit": request.limit.map { .int(Int64($0)) } ?? .null,
            "follows": follows?.json ?? .null,
        ]
        if let stream = facts.sourceStream { json["stream"] = .string(stream) }
        let filter = request.filter.map(\.text).joined(separator: " and ")
        var lines: [(label: String, text: String)] = [
            ("columns", columns.map(\.text).joined(separator: ", "))
        ]
        if !leftOut.isEmpty { lines.append(("left out", leftOut.joined(separator: ", "))) }
        lines.append(("filter", filter.isEmpty ? "none" : filter))
        lines.append(("limit", request.limit.map { "\($0)" } ?? "none"))
        lines.append(("follows", follows?.text ?? "not asked; below it is taken to follow everything"))
        let stream = facts.sourceStream.map { ", \($0)" } ?? ""
        return ExplainedSection(
            "source", .object(json), title: "source \(definition.sourceIntegrationID.rawValue)\(stream)",
            lines: lines)
    }

    private var follows: (json: JSON, text: String)? {
        guard let honoured = facts.opened?.honoured else { return nil }
        let json: JSON = [
            "columns": .bool(honoured.columns), "filter": .string(honoured.filter.rawValue),
            "limit": .bool(honoured.limit),
        ]
        var parts: [String] = []
        if request.columns != nil, honoured.columns { parts.append("columns") }
        if !request.filter.isEmpty, honoured.filter != .none {
            parts.append(honoured.filter == .exact ? "filter" : "filter in part")
        }
        if request.limit != nil, honoured.limit { parts.append("limit") }
        return (json, parts.isEmpty ? "nothing" : parts.joined(separator: ", "))
    }
}
