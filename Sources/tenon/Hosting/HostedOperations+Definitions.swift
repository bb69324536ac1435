internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonServer

extension HostedOperations {
    func saveWorkflow(_ body: JSON, id: WorkflowID?, mode: SaveMode) throws(TenonError) -> JSON {
        if let id { _ = try host.workflow(id) }
        let saved = try host.saveWorkflow(body, id: id, options: SaveOptions(mode))
        return mode.isDryRun ? saved.json : try withSchedules(saved.json)
    }

    func workflow(_ id: WorkflowID) throws(TenonError) -> JSON {
        try withSchedules(try host.workflow(id).json)
    }

    func workflows(project: ProjectID) throws(TenonError) -> [JSON] {
        try host.workflows(project: project).map(\.json)
    }

    func savePipeline(_ body: JSON, id: PipelineID?, mode: SaveMode) throws(TenonError) -> JSON {
        if let id { _ = try host.pipeline(id) }
        let saved = try host.savePipeline(body, id: id, options: SaveOptions(mode))
        return mode.isDryRun ? saved.json : try withSchedules(saved.json)
    }

    func pipeline(_ id: PipelineID) throws(TenonError) -> JSON {
        try withSchedules(try host.pipeline(id).json)
    }

    func pipelines(project: ProjectID) throws(TenonError) -> [JSON] {
        try host.pipelines(project: project).map(\.json)
    }

    func explainPipeline(_ id: PipelineID) throws(TenonError) -> JSON {
        do { return try host.explainPipeline(id) } catch { throw Self.refused(error) }
    }

    func explainPipeline(definition: JSON) throws(TenonError) -> JSON {
        do { return try host.explainPipeline(document: definition) } catch { throw Self.refused(error) }
    }

    /// A definition with its schedules and their next ticks, where it has some.
    private func withSchedules(_ definition: JSON) throws(TenonError) -> JSON {
        guard var object = definition.object, let id = object["id"]?.string else { return definition }
        let schedules = try schedules(of: id)
        if !schedules.isEmpty { object["schedules"] = .array(schedules) }
        return .object(object)
    }

    /// A source that refuses what the definition names, such as a stream that is not there, has not failed;
    /// one that does not answer, or says nothing of the cause, has.
    private static func refused(_ error: TenonError) -> TenonError {
        guard error.code.httpStatus == 502, let name = error.context["class"],
            let cause = ErrorClass(name: name), cause == .config || cause == .data
        else { return error }
        var error = error
        error.code = ErrorCode(error.code.rawValue, 422)
        return error
    }
}

extension SaveOptions {
    fileprivate init(_ mode: SaveMode) { self.init(isDryRun: mode.isDryRun, isStrict: mode.isStrict) }
}
