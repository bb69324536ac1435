internal import TenonAPI
internal import TenonJSON
internal import TenonModel

extension Route {
    static let executions: [Route] = [
        Route(.listExecutions) { call, host in
            var query = ExecutionQuery()
            query.project = call.text("projectId").map { ProjectID($0) }
            query.definition = call.text("definitionId")
            query.status = call.text("status")
            query.limit = try call.limit()
            query.cursor = call.text("cursor")
            return call.page(try host.executions(query))
        },
        Route(.getExecution) { call, host in
            call.answer(try host.execution(ExecutionID(call.id), kind: nil))
        },
        Route(.followExecution) { call, host in
            // An id that is unknown is a 404 before the stream begins.
            _ = try host.execution(ExecutionID(call.id), kind: nil)
            var answer = Answer(status: 200, body: nil)
            answer.followed = ExecutionID(call.id)
            return answer
        },
        Route(.cancelExecution) { call, host in
            try host.cancelExecution(ExecutionID(call.id))
            return call.answer(try host.execution(ExecutionID(call.id), kind: nil))
        },
        Route(.resolveExecution) { call, host in
            try host.resolveExecution(ExecutionID(call.id), body: .object(try call.members()))
            return call.answer(try host.execution(ExecutionID(call.id), kind: nil))
        },
    ]
}

extension Call {
    /// The `context` of an execute request; an empty object where there is none.
    func context() throws(TenonError) -> JSON {
        guard let context = try members()["context"], !context.isNull else { return .object([:]) }
        guard context.object != nil else {
            throw TenonError(
                .wrongBody, "The context must be an object.",
                fields: [FieldError(pointer: "/context", message: "must be an object")])
        }
        return context
    }

    /// Starts an execution and follows it.
    func executed(
        on host: Host, start: @escaping @Sendable (any HostOperations) throws -> ExecutionID
    ) async throws -> Answer {
        _ = try wait()
        return try await followed(try await host.pool.run { try start(host.operations) }, on: host)
    }

    /// Waits a while for the end of an execution: 200 with the finished execution, else 202 with the running
    /// one and
    /// where to look for it.
    func followed(_ id: ExecutionID, on host: Host) async throws -> Answer {
        let isFinished = await host.operations.whenFinished(id, within: try wait())
        let execution = try await host.pool.run { try host.operations.execution(id, kind: nil) }
        let place: Endpoint = endpoint == .executeWorkflow ? .getWorkflowExecution : .getPipelineExecution
        return Answer(
            status: isFinished ? 200 : 202, body: ["execution": execution],
            location: isFinished ? nil : place.path(id: id.rawValue))
    }
}
