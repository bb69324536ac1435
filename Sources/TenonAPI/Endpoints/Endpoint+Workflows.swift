extension Endpoint {
    package static let createWorkflow = Endpoint(
        "createWorkflow", .post, "/workflows", "Create a workflow.",
        shape: Shape(body: .json(.workflow), answer: .object("workflow", status: 201), query: .saving))
    package static let getWorkflow = Endpoint(
        "getWorkflow", .get, "/workflows/:id", "Get a workflow.", shape: Shape(answer: .object("workflow")))
    package static let updateWorkflow = Endpoint(
        "updateWorkflow", .put, "/workflows/:id", "Save a new version of a workflow.",
        shape: Shape(body: .json(.workflow), answer: .object("workflow"), query: .saving))
    package static let executeWorkflow = Endpoint(
        "executeWorkflow", .post, "/workflows/:id/execute", "Execute a workflow.",
        shape: Shape(body: .optionalJSON(.execution), answer: .object("execution"), query: .waiting))
    package static let listProjectWorkflows = Endpoint(
        "listProjectWorkflows", .get, "/projects/:id/workflows", "List a project's workflows.",
        shape: Shape(answer: .list("workflows"), query: .page))
    package static let getWorkflowExecution = Endpoint(
        "getWorkflowExecution", .get, "/workflows/executions/:id", "Get a workflow's execution.",
        shape: Shape(answer: .object("execution")))

    static let workflows = [
        createWorkflow, getWorkflow, updateWorkflow, executeWorkflow, listProjectWorkflows,
        getWorkflowExecution,
    ]
}

extension [Endpoint.QueryParameter] {
    static let saving: Self = [
        .init("strict", .boolean, "Treat warnings as errors."),
        .init("dryRun", .boolean, "Validate only; store nothing."),
    ]
    fileprivate static let wait = "wait"
    static let waiting: Self = [
        .init(wait, .number, "Seconds to wait for the end, 0 to 25; 25 where left out.")
    ]
}

extension Endpoint {
    /// Whether the answer may come before the end of what was asked for, with status 202.
    package var mayStillRun: Bool { query.contains { $0.name == [QueryParameter].wait } }
}
