internal import TenonAPI
internal import TenonJSON
internal import TenonModel

extension Route {
    static let pipelines: [Route] = [
        Route(.createPipeline) { call, host in
            call.answer(try host.savePipeline(call.body, id: nil, mode: try call.saveMode()))
        },
        Route(.getPipeline) { call, host in call.answer(try host.pipeline(PipelineID(call.id))) },
        Route(.updatePipeline) { call, host in
            call.answer(try host.savePipeline(call.body, id: PipelineID(call.id), mode: try call.saveMode()))
        },
        Route(
            .executePipeline,
            waiting: { call, host in
                let context = try call.context()
                return try await call.executed(on: host) { operations in
                    try operations.executePipeline(
                        PipelineID(call.id), context: context, idempotencyKey: call.idempotencyKey)
                }
            }),
        Route(.listProjectPipelines) { call, host in
            try call.page(of: try host.pipelines(project: ProjectID(call.id)))
        },
        Route(.getPipelineExecution) { call, host in
            call.answer(try host.execution(ExecutionID(call.id), kind: "pipeline"))
        },
        explanation(.explainPipeline) { call, host in try host.explainPipeline(PipelineID(call.id)) },
        explanation(.explainSavedPipeline) { call, host in try host.explainPipeline(PipelineID(call.id)) },
        explanation(.explainPipelineDefinition) { call, host in
            try host.explainPipeline(definition: call.body)
        },
    ]

    /// Waits for a source, so not with all threads at once.
    private static func explanation(
        _ endpoint: Endpoint, _ explain: @escaping @Sendable (Call, any HostOperations) throws -> JSON
    ) -> Route {
        Route(
            endpoint,
            waiting: { call, host in
                try await host.explanations.run {
                    call.answer(try await host.pool.run { try explain(call, host.operations) })
                }
            })
    }
}
