package import TenonAPI

/// The two kinds of definitions, which have the same calls.
package enum DefinitionKind: String, Sendable {
    case workflow
    case pipeline

    package var createEndpoint: Endpoint { self == .workflow ? .createWorkflow : .createPipeline }
    package var updateEndpoint: Endpoint { self == .workflow ? .updateWorkflow : .updatePipeline }
    package var getEndpoint: Endpoint { self == .workflow ? .getWorkflow : .getPipeline }
    package var listEndpoint: Endpoint { self == .workflow ? .listProjectWorkflows : .listProjectPipelines }
    package var executeEndpoint: Endpoint { self == .workflow ? .executeWorkflow : .executePipeline }
}
