internal import TenonAPI
internal import TenonModel

extension Route {
    static let workflows: [Route] = [
        Route(.createWorkflow) { call, host in
            call.answer(try host.saveWorkflow(call.body, id: nil, mode: try call.saveMode()))
        },
        Route(.getWorkflow) { call, host in call.answer(try host.workflow(WorkflowID(call.id))) },
        Route(.updateWorkflow) { call, host in
            call.answer(try host.saveWorkflow(call.body, id: WorkflowID(call.id), mode: try call.saveMode()))
        },
        Route(
            .executeWorkflow,
            waiting: { call, host in
                let context = try call.context()
                return try await call.executed(on: host) { operations in
                    try operations.executeWorkflow(
                        WorkflowID(call.id), context: context, idempotencyKey: call.idempotencyKey)
                }
            }),
        Route(.listProjectWorkflows) { call, host in
            try call.page(of: try host.workflows(project: ProjectID(call.id)))
        },
        Route(.getWorkflowExecution) { call, host in
            call.answer(try host.execution(ExecutionID(call.id), kind: "workflow"))
        },
    ]
}

extension Call {
    func saveMode() throws(TenonError) -> SaveMode {
        SaveMode(isDryRun: try flag("dryRun"), isStrict: try flag("strict"))
    }
}
