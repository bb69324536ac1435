extension BodySchema {
    /// What answers carry, by the resource's name in them.
    package static let answers = [
        "connector": connectorRecord, "package": packageRecord, "instance": instanceRecord,
        "workflow": workflowRecord, "pipeline": pipelineRecord,
        "execution": executionRecord, "explanation": explanation, "trigger": triggerRecord,
        "backfill": backfillResult, "secret": secretRecord, "ledger": ledgerRow,
    ]
    /// What stands inside of answers and events.
    package static let parts = [
        stageRecord, stepRecord, executionProgress, definitionWarning, schedule,
    ]

    static let executionRecord = BodySchema(
        "Execution",
        [
            .required("id", "string", "Its id."),
            .required("kind", "string", "workflow or pipeline."),
            .optional("workflowId", "string", "The workflow that is executed."),
            .optional("pipelineId", "string", "The pipeline that is executed."),
            .required("version", "integer", "The version of that definition."),
            .required("projectId", "string", "The project that it belongs to."),
            .required("durability", "string", "strict, relaxed or ephemeral."),
            .required("context", "object", "The values that it was started with."),
            .required("status", "string", "running, waiting, completed, failed, cancelled or timed-out."),
            .optional("recordsProcessed", "integer", "Records that a pipeline has read."),
            .list("steps", of: stepRecord, "The steps of a workflow with their states; not in lists."),
            .list("stages", of: stageRecord, "The stages of a pipeline with their counts."),
            .nullable("attempts", "integer", "How often a pipeline was begun; more than 1 after a restart."),
            .nullable(
                "guarantee", "string",
                "exactlyOnce or atLeastOnce: how often a record may arrive when a pipeline is resumed."),
            .nullable("checkpoint", "object", "Where a pipeline would go on."),
            .nullable("bottleneck", "string", "The stage that took a pipeline the most time."),
            .optional("durationMs", "integer", "Milliseconds from begin to end."),
            .optional("recordsPerSecond", "integer", "Records that a pipeline read in a second, on average."),
            .nullable("error", "object", "Code and message of what ended it."),
            .required("warnings", "array", "What was noticed while it ran, for people."),
            .required("createdAt", "string", "When it was asked for."),
            .nullable("startedAt", "string", "When it began."),
            .nullable("finishedAt", "string", "When it ended."),
        ])

    static let stepRecord = BodySchema(
        "Step",
        [
            .required("id", "string", "The step's id."),
            .required("name", "string", "The step's name."),
            .required("type", "string", "The step's type."),
            .required(
                "status", "string",
                "pending, running, waiting, in-doubt, completed, failed, skipped or cancelled."),
            .required("attempts", "integer", "How often it was begun."),
            .any("output", "What it gave."),
            .any("response", "What the connector says of the answer, such as its status."),
            .optional("error", "object", "Code and message of its last failure."),
            .optional("startedAt", "string", "When it began."),
            .optional("finishedAt", "string", "When it ended."),
            .optional("retryAt", "string", "When it is tried again."),
        ])

    static let stageRecord = BodySchema(
        "Stage",
        [
            .required("name", "string", "The stage's name."),
            .required("type", "string", "extract, transform, enrich or load."),
            .optional("read", "integer", "Records that came in."),
            .optional("written", "integer", "Records that went out."),
            .nullable(
                "filtered", "integer",
                "Records that were left out on purpose; null where the source did it and does not tell."),
            .optional("failed", "integer", "Records that could not be read, changed or written."),
            .optional("bytes", "integer", "Bytes in memory of what went through."),
            .optional("batches", "integer", "Batches that went through."),
            .optional("durationMs", "integer", "Milliseconds of work."),
            .nullable("recordsPerSecond", "integer", "Records in a second of work."),
            .optional(
                "pushedDown", "boolean", "True where the source does all or a part of the stage's work."),
        ])

    static let executionProgress = BodySchema(
        "ExecutionProgress",
        [
            .required("id", "string", "The execution's id."),
            .required("status", "string", "Its state."),
            .optional("recordsProcessed", "integer", "Records that a pipeline has read so far."),
            .list("stages", of: stageRecord, "A pipeline's stages with their counts and rates so far."),
            .nullable(
                "recordsPerSecond", "integer",
                "Records that a pipeline read in a second since its last begin."),
            .nullable(
                "done", "object", "`bytes` read of `total`, which is null where the size is not known."),
            .nullable("etaSeconds", "integer", "Seconds left, where the size is known."),
            .optional("attempt", "integer", "How often a pipeline was begun."),
            .nullable("bottleneck", "string", "The stage that took a pipeline the most time so far."),
            .nullable("guarantee", "string", "exactlyOnce or atLeastOnce."),
            .nullable("checkpoint", "object", "Where a pipeline would go on."),
            .list("steps", of: stepRecord, "A workflow's steps with their states, without their outputs."),
        ])

    static let explanation = BodySchema(
        "Explanation",
        [
            .required("name", "string", "The pipeline's name."),
            .required("source", "object", "What the source is asked for, and what of it it does."),
            .required("host", "object", "What the host does: passes, what is parsed, what is copied."),
            .required("target", "object", "What the target gets, and how."),
            .required("text", "string", "The plan for people, several lines."),
        ])
}

extension BodySchema.Field {
    static func nullable(_ name: String, _ type: String, _ summary: String) -> Self {
        var field = optional(name, type, summary)
        field.isNullable = true
        return field
    }

    /// A member of any type.
    static func any(_ name: String, _ summary: String) -> Self { optional(name, "", summary) }

    static func list(_ name: String, of schema: BodySchema, _ summary: String) -> Self {
        var field = optional(name, "array", summary)
        field.items = schema.name
        return field
    }
}
