internal import TenonAPI
internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonServer
internal import TenonStore
internal import TenonWorkflow

extension HostedOperations {
    func executeWorkflow(
        _ id: WorkflowID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID {
        let key = idempotencyKey.map { IdempotencyKey(scope: "executeWorkflow", key: $0) }
        return try host.executeWorkflow(id, context: context, options: ExecuteOptions(idempotencyKey: key))
    }

    func executePipeline(
        _ id: PipelineID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID {
        let key = idempotencyKey.map { IdempotencyKey(scope: "executePipeline", key: $0) }
        return try host.executePipeline(id, options: ExecuteOptions(idempotencyKey: key))
    }

    func whenFinished(_ id: ExecutionID, within time: Duration) async -> Bool {
        await host.whenFinished(id, within: time)
    }

    func execution(_ id: ExecutionID, kind: String?) throws(TenonError) -> JSON {
        let record = try host.execution(id)
        guard kind == nil || record.kind.rawValue == kind else {
            throw TenonError(
                .executionNotFound,
                "The execution \(id) is one of a \(record.kind.rawValue); look under \(record.kind.rawValue)s/executions."
            )
        }
        return record.json
    }

    func progress(of id: ExecutionID) throws(TenonError) -> JSON {
        if let live = host.liveProgress(id)?.object {
            return .object(JSONObject([(key: "id", value: .string(id.rawValue))] + live.members))
        }
        let record = try host.execution(id)
        var progress: JSONObject = ["id": .string(id.rawValue), "status": .string(record.status)]
        progress["recordsProcessed"] = record.recordsProcessed.map(JSON.int)
        progress["stages"] = record.stages
        progress["steps"] = record.steps?.array.map { .array($0.map(Self.withoutValues)) }
        return .object(progress)
    }

    /// A step's state without what it was given and has answered.
    private static func withoutValues(_ step: JSON) -> JSON {
        .object(JSONObject((step.object?.members ?? []).filter { !["output", "response"].contains($0.key) }))
    }

    func executions(_ query: TenonServer.ExecutionQuery) throws(TenonError) -> Page {
        var filter = ExecutionFilter()
        filter.project = query.project
        filter.definitionID = query.definition
        filter.status = query.status
        filter.limit = query.limit
        filter.cursor = query.cursor
        let page = try host.executions(filter)
        return Page(items: page.executions.map(\.json), nextCursor: page.nextCursor)
    }

    func cancelExecution(_ id: ExecutionID) throws(TenonError) { try host.cancel(id) }

    func resolveExecution(_ id: ExecutionID, body: JSON) throws(TenonError) {
        guard let step = body["step"]?.string else {
            throw TenonError(
                .wrongBody, "Say which step to resolve.",
                fields: [FieldError(pointer: "/step", message: "must be the name or id of a step")])
        }
        try host.resolve(id, step: step, try Self.resolution(body))
    }

    private static func resolution(_ body: JSON) throws(TenonError) -> Resolution {
        switch body["resolution"]?.string {
        case "retry": return .retry
        case "completed": return .completed(output: body["output"] ?? .null)
        case "failed": return .failed(message: body["message"]?.string ?? "It was resolved as failed.")
        default:
            throw TenonError(
                .wrongBody, "Say what became of the step.",
                fields: [
                    FieldError(
                        pointer: "/resolution", message: "must be \"completed\", \"failed\" or \"retry\"")
                ])
        }
    }
}
