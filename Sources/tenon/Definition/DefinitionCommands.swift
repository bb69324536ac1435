internal import ArgumentParser
internal import TenonClient

/// Workflows and pipelines have the same verbs; the noun is a type.
protocol DefinitionNoun: Sendable {
    static var kind: DefinitionKind { get }
    /// A name for the examples in the help.
    static var example: String { get }
}
enum WorkflowNoun: DefinitionNoun {
    static let kind = DefinitionKind.workflow
    static let example = "Daily Data Sync"
}
enum PipelineNoun: DefinitionNoun {
    static let kind = DefinitionKind.pipeline
    static let example = "CAD to ERP Pipeline"
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
            PipelineExplainCommand.self,
        ])
}
