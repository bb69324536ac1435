package import TenonAPI
package import TenonJSON
package import TenonModel

/// What the routes ask of the host. Every call may block, so the server makes them on its own threads, never
/// on the
/// cooperative pool; `whenFinished` only waits.
package protocol HostOperations:
    ConnectorOperations, DefinitionOperations, ExecutionOperations, TriggerOperations, SecretOperations
{
    /// False while the host starts or drains.
    var isReady: Bool { get }
    /// The page about an error code in Markdown, or nil where there is none.
    func errorPage(_ code: String) -> String?
}

/// What the API does with packages, connectors and instances. All block.
package protocol ConnectorOperations: Sendable {
    func installPackage(at path: String, options: PackageUploadOptions) throws(TenonError) -> JSON
    func packages() throws(TenonError) -> [JSON]
    func package(_ name: String, version: String?) throws(TenonError) -> JSON
    func removePackage(_ name: String, version: String) throws(TenonError)

    func createConnector(_ body: JSON) throws(TenonError) -> JSON
    func connectors(type: String?) throws(TenonError) -> [JSON]
    func connector(_ id: ConnectorID) throws(TenonError) -> JSON
    func deploy(_ id: ConnectorID, _ body: JSON) throws(TenonError) -> JSON

    func instances(project: ProjectID?) throws(TenonError) -> [JSON]
    func instance(_ id: InstanceID) throws(TenonError) -> JSON
    func checkInstance(_ id: InstanceID) throws(TenonError) -> JSON
    func removeInstance(_ id: InstanceID) throws(TenonError)
}

/// What the API does with workflows and pipelines. All block.
package protocol DefinitionOperations: Sendable {
    /// Creates where `id` is nil, else saves a new version.
    func saveWorkflow(_ body: JSON, id: WorkflowID?, mode: SaveMode) throws(TenonError) -> JSON
    func workflow(_ id: WorkflowID) throws(TenonError) -> JSON
    func workflows(project: ProjectID) throws(TenonError) -> [JSON]

    func savePipeline(_ body: JSON, id: PipelineID?, mode: SaveMode) throws(TenonError) -> JSON
    func pipeline(_ id: PipelineID) throws(TenonError) -> JSON
    func pipelines(project: ProjectID) throws(TenonError) -> [JSON]
    /// How it would run; `text` is for people. Asks the source and writes nothing.
    func explainPipeline(_ id: PipelineID) throws(TenonError) -> JSON
    /// The same for a definition that is not saved.
    func explainPipeline(definition: JSON) throws(TenonError) -> JSON
}

/// What the API does with executions. All but waiting block.
package protocol ExecutionOperations: Sendable {
    func executeWorkflow(
        _ id: WorkflowID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID
    func executePipeline(
        _ id: PipelineID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID
    /// True when the execution is at its end within the time.
    func whenFinished(_ id: ExecutionID, within time: Duration) async -> Bool
    /// `kind` is "workflow", "pipeline" or nil for either; an execution of the other kind is not found.
    func execution(_ id: ExecutionID, kind: String?) throws(TenonError) -> JSON
    /// How far a running execution is, with its `status`: a pipeline's counts, a workflow's steps without
    /// their values.
    func progress(of id: ExecutionID) throws(TenonError) -> JSON
    func executions(_ query: ExecutionQuery) throws(TenonError) -> Page
    func cancelExecution(_ id: ExecutionID) throws(TenonError)
    func resolveExecution(_ id: ExecutionID, body: JSON) throws(TenonError)
}

/// How a definition is saved.
package struct SaveMode: Sendable, Equatable {
    package var isDryRun = false
    package var isStrict = false

    package init(isDryRun: Bool = false, isStrict: Bool = false) {
        self.isDryRun = isDryRun
        self.isStrict = isStrict
    }
}

/// What an administrator allowed with an upload.
package struct PackageUploadOptions: Sendable, Equatable {
    package var allowUnsigned = false
    package var inHost = false
    package var allowDowngrade = false
    /// Who uploads, for the audit.
    package var actor = "admin"

    package init() {}
}

/// Which executions a list shows.
package struct ExecutionQuery: Sendable, Equatable {
    package var project: ProjectID?
    package var definition: String?
    package var status: String?
    package var limit = 100
    package var cursor: String?

    package init() {}
}
