extension BodySchema {
    /// What answers carry, by the resource's name in them.
    package static let answers = [
        "execution": executionRecord, "explanation": explanation, "trigger": triggerRecord,
        "backfill": backfillResult, "secret": secretRecord, "ledger": ledgerRow,
    ]
    /// What stands inside of answers and events.
    package static let parts = [stageRecord, executionProgress]

    static let executionRecord = BodySchema(
        "Execution",
        [
            .required("id", "string", "Its id."),
            .required("kind", "string", "workflow or pipeline."),
            .required("status", "string", "running, waiting, completed, failed, cancelled or timed-out."),
            .optional("recordsProcessed", "integer", "Records that a pipeline has read."),
            .optional("steps", "array", "The steps of a workflow with their states."),
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
            .optional("steps", "array", "A workflow's steps with their states."),
        ])

    static let explanation = BodySchema(
        "Explanation", [.required("text", "string", "The plan for people, several lines.")])
}

extension BodySchema.Field {
    static func nullable(_ name: String, _ type: String, _ summary: String) -> Self {
        var field = optional(name, type, summary)
        field.isNullable = true
        return field
    }

    static func list(_ name: String, of schema: BodySchema, _ summary: String) -> Self {
        var field = optional(name, "array", summary)
        field.items = schema.name
        return field
    }
}
