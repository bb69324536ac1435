internal import TenonAPI
internal import TenonJSON

extension Route {
    static let host: [Route] = [
        Route(.live, waiting: { _, _ in Answer(status: 200, body: ["status": "live"]) }),
        Route(
            .ready,
            waiting: { _, host in
                host.operations.isReady
                    ? Answer(status: 200, body: ["status": "ready"])
                    : Answer(status: 503, body: ["status": "draining"])
            }),
        Route(.description, waiting: { _, _ in Answer(status: 200, body: OpenAPI.document(version: "1.0")) }),
    ]
}
