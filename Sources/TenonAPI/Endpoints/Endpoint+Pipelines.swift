extension Endpoint {
    package static let createPipeline = Endpoint(
        "createPipeline", .post, "/pipelines", "Create a pipeline.",
        shape: Shape(body: .json(.pipeline), answer: .object("pipeline", status: 201), query: .saving))
    package static let getPipeline = Endpoint(
        "getPipeline", .get, "/pipelines/:id", "Get a pipeline.", shape: Shape(answer: .object("pipeline")))
    package static let updatePipeline = Endpoint(
        "updatePipeline", .put, "/pipelines/:id", "Save a new version of a pipeline.",
        shape: Shape(body: .json(.pipeline), answer: .object("pipeline"), query: .saving))
    package static let executePipeline = Endpoint(
        "executePipeline", .post, "/pipelines/:id/execute", "Execute a pipeline.",
        shape: Shape(body: .optionalJSON(.execution), answer: .object("execution"), query: .waiting))
    package static let listProjectPipelines = Endpoint(
        "listProjectPipelines", .get, "/projects/:id/pipelines", "List a project's pipelines.",
        shape: Shape(answer: .list("pipelines"), query: .page))
    package static let getPipelineExecution = Endpoint(
        "getPipelineExecution", .get, "/pipelines/executions/:id", "Get a pipeline's execution.",
        shape: Shape(answer: .object("execution")))
    package static let explainPipeline = Endpoint(
        "explainPipeline", .get, "/pipelines/:id/explain",
        "Say how a pipeline would run: what its source does, what is only copied. Writes nothing.",
        shape: Shape(answer: .object("explanation")))
    package static let explainSavedPipeline = Endpoint(
        "explainSavedPipeline", .post, "/pipelines/:id/explain", "The same for clients that can only post.",
        shape: Shape(answer: .object("explanation")))
    package static let explainPipelineDefinition = Endpoint(
        "explainPipelineDefinition", .post, "/pipelines/explain",
        "Say how a pipeline that is not saved would run. Stores and writes nothing.",
        shape: Shape(body: .json(.pipeline), answer: .object("explanation")))

    static let pipelines = [
        createPipeline, getPipeline, updatePipeline, executePipeline, listProjectPipelines,
        getPipelineExecution, explainPipeline, explainSavedPipeline, explainPipelineDefinition,
    ]
}
