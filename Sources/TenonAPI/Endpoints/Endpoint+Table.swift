extension Endpoint {
    /// Every operation of the API.
    package static let all: [Endpoint] =
        connectors + packages + instances + workflows + pipelines + executions + triggers + secrets + host
}
