extension Endpoint {
    package static let listExecutions = Endpoint(
        "listExecutions", .get, "/executions",
        "List executions of workflows and pipelines, the newest first.",
        shape: Shape(
            answer: .list("executions"),
            query: [
                .init("projectId", .string, "Only of this project."),
                .init("definitionId", .string, "Only of this workflow or pipeline."),
                .oneOf("status", statuses),
            ] + .page))
    package static let getExecution = Endpoint(
        "getExecution", .get, "/executions/:id", "Get an execution of either kind.",
        shape: Shape(answer: .object("execution")))
    package static let followExecution = Endpoint(
        "followExecution", .get, "/executions/:id/events",
        "Follow an execution: `progress` about twice a second while it changes, `finished` at its end.",
        shape: Shape(answer: .events))
    package static let cancelExecution = Endpoint(
        "cancelExecution", .post, "/executions/:id/cancel", "Cancel an execution of either kind.",
        shape: Shape(answer: .object("execution")))
    package static let resolveExecution = Endpoint(
        "resolveExecution", .post, "/executions/:id/resolve", "Say what became of a step in doubt.",
        shape: Shape(body: .json(.resolution), answer: .object("execution")))

    private static let statuses = [
        "pending", "running", "waiting", "paused", "completed", "failed", "cancelled", "timed-out",
    ]

    static let executions = [
        listExecutions, getExecution, followExecution, cancelExecution, resolveExecution,
    ]
}
