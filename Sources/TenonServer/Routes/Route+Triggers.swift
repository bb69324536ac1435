internal import TenonAPI
internal import TenonJSON
internal import TenonModel

extension Route {
    static let triggers: [Route] = [
        Route(.listTriggers) { call, host in
            var query = TriggerQuery()
            query.project = call.text("projectId").map { ProjectID($0) }
            query.definition = call.text("definitionId")
            query.status = call.text("status")
            return try call.page(of: try host.triggers(query))
        },
        Route(.getTrigger) { call, host in call.answer(try host.trigger(TriggerID(call.id))) },
        Route(.listTriggerLedger) { call, host in
            var query = TriggerLedgerQuery()
            query.trigger = call.text("triggerId").map { TriggerID($0) }
            query.project = call.text("projectId").map { ProjectID($0) }
            query.definition = call.text("definitionId")
            query.outcome = call.text("outcome")
            query.from = call.text("from")
            query.to = call.text("to")
            query.limit = try call.limit()
            query.cursor = call.text("cursor")
            return call.page(try host.triggerLedger(query))
        },
        Route(.pauseTrigger) { call, host in call.answer(try host.pauseTrigger(TriggerID(call.id))) },
        Route(.resumeTrigger) { call, host in call.answer(try host.resumeTrigger(TriggerID(call.id))) },
        Route(.backfillTrigger) { call, host in
            call.answer(try host.backfillTrigger(TriggerID(call.id), try call.backfill()))
        },
    ]
}

extension Call {
    /// The range of a backfill; every member is known, so that a slip of the pen fires nothing.
    fileprivate func backfill() throws(TenonError) -> BackfillRequest {
        let members = try members()
        var problems: [FieldError] = []
        for name in ["from", "to"] where members[name]?.string == nil {
            problems.append(
                FieldError(pointer: "/\(name)", message: "must be a time such as 2026-11-24T00:00:00Z"))
        }
        let dryRun = members["dryRun"] ?? .bool(false)
        if dryRun.bool == nil {
            problems.append(FieldError(pointer: "/dryRun", message: "must be true or false"))
        }
        guard problems.isEmpty, let from = members["from"]?.string, let to = members["to"]?.string else {
            throw TenonError(.wrongBody, "Say which ticks to fire: \"from\" and \"to\".", fields: problems)
        }
        return BackfillRequest(from: from, to: to, isDryRun: dryRun.bool ?? false)
    }
}
