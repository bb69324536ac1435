package import TenonAPI
internal import TenonJSON

extension TenonClient {
    package func execution(_ id: String) async throws(ClientError) -> ExecutionBody {
        try Self.execution(try await resource("execution", ClientCall(.getExecution, id: id)))
    }

    /// The newest executions that match, at most `limit`.
    package func executions(
        _ filter: [(name: String, value: String)], limit: Int
    ) async throws(ClientError) -> Page {
        var call = ClientCall(.listExecutions)
        call.query = filter + [("limit", String(limit))]
        return Page(try await send(call), named: "executions")
    }

    package func cancel(_ id: String) async throws(ClientError) -> ExecutionBody {
        try Self.execution(try await resource("execution", ClientCall(.cancelExecution, id: id)))
    }

    static func execution(_ json: JSON) throws(ClientError) -> ExecutionBody {
        guard let execution = ExecutionBody(json) else {
            throw .unexpectedAnswer(status: 200, reason: "the execution has no id or status")
        }
        return execution
    }
}
