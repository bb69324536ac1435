package import TenonColumns
package import TenonJSON
package import TenonModel

/// What a pipeline asks of its source, what the host does itself, and what the target gets.
package struct PlanExplanation: Sendable {
    package let json: JSON
    /// For people; ends with a line feed.
    package let text: String
}

/// What is known around a plan when it is explained.
package struct ExplanationFacts: Sendable {
    /// What the reader hands out and follows; nil where it was not opened.
    package var opened: (columns: Schema, honoured: Honoured)?
    package var sourceStream: String?
    package var targetStream: String?
    /// The columns as the target takes them; nil: as they come out of the plan.
    package var targetColumns: Schema?
    /// `exactlyOnce` or `atLeastOnce`.
    package var guarantee: String?

    package init() {}
}

extension PipelinePlan {
    /// Explains what would happen. Throws as `init` does.
    package static func explanation(
        _ definition: PipelineDefinition, request: SourceRequest, facts: ExplanationFacts
    ) throws(TenonError) -> PlanExplanation {
        // Not opened: as if the source followed everything.
        let source = facts.opened?.columns ?? request.hopedColumns
        let honoured =
            facts.opened?.honoured
            ?? Honoured(columns: request.columns != nil, filter: .exact, limit: request.limit != nil)
        let plan = try PipelinePlan(definition, source: source, request: request, honoured: honoured)
        let sections = [
            ExplainedSource(definition, plan, request, facts).section,
            ExplainedHost(definition, plan, request, honoured).section,
            ExplainedTarget(definition, plan, facts).section,
        ]
        var json: JSONObject = ["name": .string(definition.name)]
        for section in sections { json[section.key] = section.json }
        let text = sections.map(\.text).joined()
        return PlanExplanation(json: .object(json), text: "\(definition.name)\n\(text)")
    }
}

/// A part of an explanation in both forms.
struct ExplainedSection {
    let key: String
    let json: JSON
    private let title: String
    private let lines: [(label: String, text: String)]

    init(_ key: String, _ json: JSON, title: String, lines: [(label: String, text: String)]) {
        self.key = key
        self.json = json
        self.title = title
        self.lines = lines
    }

    var text: String {
        let width = 11
        return lines.reduce("\(title)\n") { text, line in
            let padding = String(repeating: " ", count: max(1, width - line.label.count))
            return text + "  \(line.label)\(padding)\(line.text)\n"
        }
    }
}

extension SourceRequest {
    /// The columns that come where the source follows the request.
    var hopedColumns: Schema {
        guard let columns else { return announced }
        return Schema(
            columns.compactMap { requested in
                guard let index = announced.index(of: requested.name) else { return nil }
                var field = announced.fields[index]
                guard requested.isLate, field.type != .utf8 else { return field }
                field.late = field.type
                field.type = .utf8
                return field
            })
    }
}
