extension Endpoint {
    package static let listTriggers = Endpoint(
        "listTriggers", .get, "/triggers", "List triggers with their next ticks.",
        shape: Shape(
            answer: .list("triggers"),
            query: [
                .init("projectId", .string, "Only of this project."),
                .init("definitionId", .string, "Only of this workflow or pipeline."),
                .oneOf("status", ["active", "paused", "ended", "disabled", "not-fired"]),
            ] + .page))
    package static let getTrigger = Endpoint(
        "getTrigger", .get, "/triggers/:id", "Get a trigger with its next ticks.",
        shape: Shape(answer: .object("trigger")))
    package static let listTriggerLedger = Endpoint(
        "listTriggerLedger", .get, "/triggers/ledger",
        "List what became of each due tick, the newest first.",
        shape: Shape(
            answer: .list("ledger"),
            query: [
                .init("triggerId", .string, "Only of this trigger."),
                .init("projectId", .string, "Only of this project."),
                .init("definitionId", .string, "Only of this workflow or pipeline."),
                .oneOf("outcome", ["fired", "skipped"]),
                .init("from", .string, "Only ticks from this time on (RFC 3339)."),
                .init("to", .string, "Only ticks up to this time (RFC 3339)."),
            ] + .page))
    package static let pauseTrigger = Endpoint(
        "pauseTrigger", .post, "/triggers/:id/pause", "Let a trigger fire no more until it is resumed.",
        shape: Shape(answer: .object("trigger")))
    package static let resumeTrigger = Endpoint(
        "resumeTrigger", .post, "/triggers/:id/resume",
        "Let a paused trigger fire again, from its next tick on; what it missed stays missed.",
        shape: Shape(answer: .object("trigger")))
    package static let backfillTrigger = Endpoint(
        "backfillTrigger", .post, "/triggers/:id/backfill",
        "Fire the ticks of a range that have not been fired.",
        shape: Shape(body: .json(.backfill), answer: .object("backfill")))

    static let triggers = [
        listTriggers, getTrigger, listTriggerLedger, pauseTrigger, resumeTrigger, backfillTrigger,
    ]
}
