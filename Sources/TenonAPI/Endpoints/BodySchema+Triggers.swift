extension BodySchema {
    package static let backfill = BodySchema(
        "BackfillRequest",
        [
            .required(
                "from", "string",
                "The first moment (RFC 3339); a date or time without offset is one of the trigger's zone."),
            .required("to", "string", "The last moment, in the same form; a date is its whole day."),
            .optional("dryRun", "boolean", "Only say what would be fired."),
        ])
    package static let secret = BodySchema(
        "SecretRequest", [.required("value", "string", "The secret text, stored sealed.")])

    static let triggerRecord = BodySchema(
        "Trigger",
        [
            .required("id", "string", "Its id."),
            .required("projectId", "string", "The project of its definition."),
            .required("kind", "string", "workflow or pipeline."),
            .required("definitionId", "string", "The workflow or pipeline that it starts."),
            .required("definitionName", "string", "The name of that definition."),
            .required("type", "string", "schedule; the other types are not fired yet."),
            .nullable("schedule", "string", "The cron expression or interval."),
            .nullable("timezone", "string", "The zone in which it is read."),
            .nullable("misfire", "string", "last, skip or all: what becomes of missed ticks."),
            .nullable("overlap", "string", "skip, queue, cancel or allow: a tick while the last one runs."),
            .nullable("catchUpWindow", "string", "How far back missed ticks are made up for."),
            .nullable("jitter", "string", "The most by which a tick is delayed."),
            .nullable("start", "string", "No tick before it."),
            .nullable("end", "string", "No tick after it."),
            .required("status", "string", "active, paused, ended, disabled or not-fired."),
            .optional("nextTicks", "array", "The next five ticks, with the offset of the trigger's zone."),
            .nullable("lastTick", "string", "The last tick that has fired."),
            .nullable("lastExecutionId", "string", "What that tick started."),
            .optional("queuedTicks", "integer", "Ticks that wait for their turn."),
            .nullable("version", "integer", "The version of the definition."),
        ])

    static let ledgerRow = BodySchema(
        "LedgerRow",
        [
            .required("triggerId", "string", "The trigger."),
            .required("projectId", "string", "The project of its definition."),
            .required("kind", "string", "workflow or pipeline."),
            .required("definitionId", "string", "The workflow or pipeline that it starts."),
            .required("tick", "string", "When it was due."),
            .required("outcome", "string", "fired or skipped."),
            .nullable(
                "reason", "string",
                "Why it was skipped: overlap, paused, catch-up, misfire, limit, ended or error."),
            .optional("detail", "string", "More about the reason, for people."),
            .nullable("executionId", "string", "What it started."),
            .optional("recordedAt", "string", "When this row was written."),
            .optional("origin", "string", "schedule, catch-up or backfill."),
            .optional("count", "integer", "How many ticks a row stands for that sums skipped ones up."),
            .optional("firstTick", "string", "The first of them; `tick` is the last."),
        ])

    static let backfillResult = BodySchema(
        "Backfill",
        [
            .required("due", "integer", "Ticks in the range."),
            .required("started", "integer", "Ticks that were fired now, or would be."),
            .required("alreadyDone", "integer", "Ticks that had been fired before."),
            .optional("queued", "integer", "Of those, ticks that wait for their turn."),
            .optional("ticks", "array", "The ticks that were fired now, or would be."),
        ])

    static let secretRecord = BodySchema(
        "Secret",
        [
            .required("name", "string", "The name under which definitions use it."),
            .required("projectId", "string", "Its project."),
            .optional("createdAt", "string", "When it was first set."),
            .optional("updatedAt", "string", "When its value was last set."),
        ])
}
