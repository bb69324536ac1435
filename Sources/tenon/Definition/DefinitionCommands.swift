internal import ArgumentParser
internal import TenonClient

/// Workflows and pipelines have the same verbs; the noun is a type.
protocol DefinitionNoun: Sendable {
    static var kind: DefinitionKind { get }
}
enum WorkflowNoun: DefinitionNoun {
    static let kind = DefinitionKind.workflow
}
enum PipelineNoun: DefinitionNoun {
    static let kind = DefinitionKind.pipeline
}

extension DefinitionNoun {
    static var noun: String { kind.rawValue }
}

struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow", abstract: "Workflows: steps over connectors.",
        subcommands: [
            ApplyCommand<WorkflowNoun>.self, DefinitionListCommand<WorkflowNoun>.self,
            DefinitionShowCommand<WorkflowNoun>.self, DefinitionRunCommand<WorkflowNoun>.self,
        ])
}

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Pipelines: records from a source to a target.",
        subcommands: [
            ApplyCommand<PipelineNoun>.self, DefinitionListCommand<PipelineNoun>.self,
            DefinitionShowCommand<PipelineNoun>.self, DefinitionRunCommand<PipelineNoun>.self,
        ])
}
