internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonServer

extension HostedOperations {
    func saveWorkflow(_ body: JSON, id: WorkflowID?, mode: SaveMode) throws(TenonError) -> JSON {
        if let id { _ = try host.workflow(id) }
        return try host.saveWorkflow(body, id: id, options: SaveOptions(mode)).json
    }

    func workflow(_ id: WorkflowID) throws(TenonError) -> JSON { try host.workflow(id).json }

    func workflows(project: ProjectID) throws(TenonError) -> [JSON] {
        try host.workflows(project: project).map(\.json)
    }

    func savePipeline(_ body: JSON, id: PipelineID?, mode: SaveMode) throws(TenonError) -> JSON {
        if let id { _ = try host.pipeline(id) }
        return try host.savePipeline(body, id: id, options: SaveOptions(mode)).json
    }

    func pipeline(_ id: PipelineID) throws(TenonError) -> JSON { try host.pipeline(id).json }

    func pipelines(project: ProjectID) throws(TenonError) -> [JSON] {
        try host.pipelines(project: project).map(\.json)
    }

    func explainPipeline(_ id: PipelineID) throws(TenonError) -> JSON { try host.explainPipeline(id) }

    func explainPipeline(definition: JSON) throws(TenonError) -> JSON {
        try host.explainPipeline(document: definition)
    }
}

extension SaveOptions {
    fileprivate init(_ mode: SaveMode) { self.init(isDryRun: mode.isDryRun, isStrict: mode.isStrict) }
}
