internal import TenonColumns
internal import TenonJSON

/// The passes of the host with their steps, and how it uses the columns that come.
struct ExplainedHost {
    private let definition: PipelineDefinition
    private let plan: PipelinePlan
    private let pushed: PushedWork

    init(
        _ definition: PipelineDefinition, _ plan: PipelinePlan, _ request: SourceRequest,
        _ honoured: Honoured
    ) {
        self.definition = definition
        self.plan = plan
        pushed = request.pushed(honoured)
    }

    /// One transformation and who does it.
    private struct Step {
        enum Work: String { case source, names, pass, state }
        let stage: String
        let text: String
        let work: Work

        var json: JSON {
            [
                "stage": .string(stage), "step": .string(text),
                "by": .string(work == .source ? "source" : "host"),
            ]
        }
        var line: String {
            let note =
                switch work {
                case .source: " (the source does it)"
                case .names: " (nothing is touched)"
                case .state: " (until the end)"
                case .pass: ""
                }
            return "\(stage): \(text)\(note)"
        }
    }

    private var steps: [Step] {
        definition.stages.enumerated().flatMap { index, stage in
            let filters = filters(ofStage: index)
            var next = filters.makeIterator()
            return stage.transformations.indices.map { position in
                var place = TransformationPlace(stage: index, position: position)
                if filters.contains(place) { place = next.next() ?? place }
                let transformation = stage.transformations[place.position]
                return Step(
                    stage: stage.name, text: transformation.text,
                    work: pushed.contains(place) ? .source : Self.work(transformation))
            }
        }
    }

    /// The host's filters in the order in which it applies them: they change places only among each other.
    private func filters(ofStage stage: Int) -> [TransformationPlace] {
        plan.passes.flatMap(\.steps).compactMap { step in
            if case .filter = step.operation, step.stage == stage { step.place } else { nil }
        }
    }

    private static func work(_ transformation: Transformation) -> Step.Work {
        switch transformation.kind {
        case .select, .drop, .rename: return .names
        case .map(let mappings):
            let isProjection = mappings.allSatisfy { mapping in
                if case .path(let path) = mapping.source { path.parts.count == 1 } else { false }
            }
            return isProjection ? .names : .pass
        case .aggregate: return .state
        case .filter, .cast, .limit: return .pass
        }
    }

    /// Each ends with a step that holds records back, or with the target.
    private var passes: [[Step]] {
        var passes: [[Step]] = [[]]
        for step in steps {
            passes[passes.count - 1].append(step)
            if step.work == .state { passes.append([]) }
        }
        return passes
    }

    private func names(_ use: ColumnUse) -> [String] {
        zip(plan.sourceSchema.names, plan.uses).filter { $0.1 == use }.map(\.0)
    }

    /// What is overwritten is replaced at one commit, too.
    private var commitsOnce: Bool { plan.isStateful || definition.load.mode == .overwrite }

    var section: ExplainedSection {
        let held = steps.filter { $0.work == .state }
        let json: JSON = [
            "passes": .array(passes.map { ["steps": .array($0.map(\.json))] }),
            "parsed": .array(names(.parsed).map { .string($0) }),
            "copied": .array(names(.copied).map { .string($0) }),
            "unused": .array(names(.none).map { .string($0) }),
            "stateful": .array(held.map(\.json)),
            "commits": .string(commitsOnce ? "atEnd" : "atCheckpoints"),
        ]
        var lines: [(label: String, text: String)] = []
        for (index, pass) in passes.enumerated() {
            for (position, step) in pass.enumerated() {
                lines.append((position == 0 ? "pass \(index + 1)" : "", step.line))
            }
            if pass.isEmpty { lines.append(("pass \(index + 1)", "records go on as they are")) }
        }
        for (label, use) in [("parsed", ColumnUse.parsed), ("copied", .copied), ("unused", .none)] {
            let list = names(use)
            if !list.isEmpty { lines.append((label, list.joined(separator: ", "))) }
        }
        lines.append(
            ("commits", commitsOnce ? "once, at the end" : "at the checkpoints of the source"))
        return ExplainedSection("host", json, title: "host", lines: lines)
    }
}
