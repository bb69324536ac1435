package import TenonAPI

/// An endpoint with the code that answers it.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Call, Host) async throws -> Answer

    package let endpoint: Endpoint
    let handler: Handler

    /// A handler that may wait.
    init(_ endpoint: Endpoint, waiting handler: @escaping Handler) {
        self.endpoint = endpoint
        self.handler = handler
    }

    /// A handler that may block; it runs on the server's own threads.
    init(
        _ endpoint: Endpoint, _ handler: @escaping @Sendable (Call, any HostOperations) throws -> Answer
    ) {
        self.endpoint = endpoint
        self.handler = { call, host in
            try await host.pool.run { try handler(call, host.operations) }
        }
    }

    /// Every route; one for each endpoint of the table.
    package static let all: [Route] =
        connectors + packages + instances + workflows + pipelines + executions + triggers + secrets + host
}

/// The host and the threads on which it is called.
package struct Host: Sendable {
    package let operations: any HostOperations
    package let pool: BlockingPool
    let explanations = ExplanationPlaces()

    package init(operations: any HostOperations, pool: BlockingPool) {
        self.operations = operations
        self.pool = pool
    }
}
