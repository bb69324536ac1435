internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonStore
internal import TenonTime

/// Triggers and rows of the ledger as the REST API shows them.
extension Trigger {
    private static let shownTicks = 5

    /// `active`, `paused`, `ended`, `disabled` by its definition, or `not-fired` for its type.
    func status(at now: Timestamp) -> String {
        if definition.type != .schedule { return "not-fired" }
        guard let schedule else { return "disabled" }
        if state.isPaused { return "paused" }
        let isOver = schedule.nextTick(after: shownAfter(now)) == nil && queue.isEmpty
        return isOver ? "ended" : "active"
    }

    /// A tick that waits for its delay is still to come.
    private func shownAfter(_ now: Timestamp) -> Timestamp {
        (schedule?.jitter ?? .zero) > .zero ? min(now, state.handledAt) : now
    }

    func json(at now: Timestamp) -> JSON {
        var object: JSONObject = ["id": .string(id.rawValue)]
        object["projectId"] = .string(owner.projectID.rawValue)
        object["kind"] = .string(owner.key.kind.rawValue)
        object["definitionId"] = .string(owner.key.id)
        object["definitionName"] = .string(owner.name)
        object["type"] = .string(definition.type.rawValue)
        addSchedule(to: &object)
        object["status"] = .string(status(at: now))
        object["nextTicks"] = .array(
            (schedule?.nextTicksText(Self.shownTicks, after: shownAfter(now)) ?? []).map(JSON.string))
        object["lastTick"] = state.lastTick.map { .string(tickText($0)) } ?? .null
        object["lastExecutionId"] = state.lastExecution.map { .string($0.rawValue) } ?? .null
        object["queuedTicks"] = .int(Int64(queue.count))
        object["version"] = .int(owner.key.version)
        return .object(object)
    }

    private func addSchedule(to object: inout JSONObject) {
        let schedule = definition.schedule
        object["schedule"] = schedule.map { .string($0.text) } ?? .null
        object["timezone"] = schedule.map { .string($0.zone.name) } ?? .null
        object["misfire"] = schedule.map { .string($0.misfire.rawValue) } ?? .null
        object["overlap"] = schedule.map { .string($0.overlap.rawValue) } ?? .null
        object["catchUpWindow"] = schedule.map { .string($0.catchUpWindow.spanText) } ?? .null
        object["jitter"] = schedule.map { .string($0.jitter.spanText) } ?? .null
        object["start"] = schedule?.start.map { .string(tickText($0)) } ?? .null
        object["end"] = schedule?.end.map { .string(tickText($0)) } ?? .null
    }

    /// With the offset of the trigger's zone.
    func tickText(_ tick: Timestamp) -> String { definition.schedule?.tickText(tick) ?? tick.iso8601 }
}

extension LedgerRow {
    /// `trigger`: the one that it is about, where there still is one.
    func json(_ trigger: Trigger?) -> JSON {
        func text(_ tick: Timestamp) -> JSON { .string(trigger?.tickText(tick) ?? tick.iso8601) }
        var object: JSONObject = ["triggerId": .string(self.trigger.rawValue)]
        object["projectId"] = .string(projectID.rawValue)
        object["kind"] = .string(kind.rawValue)
        object["definitionId"] = .string(definitionID)
        object["tick"] = text(tick)
        object["outcome"] = .string(outcome.rawValue)
        object["reason"] = reason.map { .string($0.rawValue) } ?? .null
        object["executionId"] = executionID.map { .string($0.rawValue) } ?? .null
        object["recordedAt"] = .string(recordedAt.iso8601)
        object["origin"] = .string(origin.rawValue)
        object["count"] = .int(tickCount)
        if tickCount > 1 { object["firstTick"] = text(firstTick) }
        if let detail { object["detail"] = .string(detail) }
        return .object(object)
    }
}

extension Duration {
    /// Such as `24h`, `1h30m`, `500ms`, `0s`.
    var spanText: String {
        var rest = wholeMilliseconds
        guard rest > 0 else { return "0s" }
        var text = ""
        for (suffix, length) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1000), ("ms", 1)] {
            let count = rest / length
            rest %= length
            if count > 0 { text += "\(count)\(suffix)" }
        }
        return text
    }
}
