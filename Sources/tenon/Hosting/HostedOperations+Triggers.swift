internal import TenonAPI
internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonSchedule
internal import TenonServer
internal import TenonTime

extension HostedOperations {
    private static let momentForm =
        "a time such as 2026-11-24, 2026-11-24T02:00 or 2026-11-24T02:00:00+01:00"

    func triggers(_ query: TriggerQuery) throws(TenonError) -> [JSON] {
        try host.triggers(project: query.project, definition: query.definition, status: query.status)
    }

    func trigger(_ id: TriggerID) throws(TenonError) -> JSON { try host.trigger(id) }

    func triggerLedger(_ query: TriggerLedgerQuery) throws(TenonError) -> Page {
        var filter = LedgerFilter()
        filter.trigger = query.trigger
        filter.project = query.project
        filter.definitionID = query.definition
        filter.outcome = query.outcome
        let zone = query.from == nil && query.to == nil ? .utc : try ledgerZone(query.trigger)
        filter.from = try query.from.map { text throws(TenonError) in
            try Self.moment(text, parameter: "from", zone, isEnd: false)
        }
        filter.to = try query.to.map { text throws(TenonError) in
            try Self.moment(text, parameter: "to", zone, isEnd: true).next
        }
        if let from = filter.from, let to = filter.to, from >= to {
            throw TenonError.badParameter(
                "to", query.to ?? "", expected: "a time that is not before \"from\"")
        }
        filter.limit = query.limit
        filter.cursor = query.cursor
        let page = try host.triggerLedger(filter)
        return Page(items: page.rows, nextCursor: page.nextCursor)
    }

    func pauseTrigger(_ id: TriggerID) throws(TenonError) -> JSON { try host.pauseTrigger(id) }

    func resumeTrigger(_ id: TriggerID) throws(TenonError) -> JSON { try host.resumeTrigger(id) }

    func backfillTrigger(_ id: TriggerID, _ request: BackfillRequest) throws(TenonError) -> JSON {
        let zone = try zone(of: id)
        var problems: [FieldError] = []
        let from = BoundText.moment(request.from, in: zone, isEnd: false)
        let to = BoundText.moment(request.to, in: zone, isEnd: true)?.next
        for (name, moment) in [("from", from), ("to", to)] where moment == nil {
            problems.append(FieldError(pointer: "/\(name)", message: "must be \(Self.momentForm)"))
        }
        guard problems.isEmpty, let from, let to else {
            throw TenonError(.wrongBody, "There is no such range of ticks.", fields: problems)
        }
        return try host.backfill(id, from: from, to: to, isDryRun: request.isDryRun)
    }

    /// The schedules of a definition with their next ticks, for its answer.
    func schedules(of definition: String) throws(TenonError) -> [JSON] {
        let members = ["type", "schedule", "timezone", "status", "nextTicks"]
        return try host.triggers(project: nil, definition: definition, status: nil).map { trigger in
            var shown: JSONObject = ["triggerId": trigger["id"] ?? .null]
            for member in members { shown[member] = trigger[member] }
            return .object(shown)
        }
    }

    /// A ledger of many triggers, or of one that is gone, has no zone of its own.
    private func ledgerZone(_ id: TriggerID?) throws(TenonError) -> TimeZoneRules {
        guard let id else { return .utc }
        do throws(TenonError) {
            return try zone(of: id)
        } catch {
            guard error.code == .triggerNotFound else { throw error }
            return .utc
        }
    }

    private func zone(of id: TriggerID) throws(TenonError) -> TimeZoneRules {
        try TimeZoneRules.named(try host.trigger(id)["timezone"]?.string ?? "UTC")
    }

    private static func moment(
        _ text: String, parameter: String, _ zone: TimeZoneRules, isEnd: Bool
    ) throws(TenonError) -> Timestamp {
        guard let moment = BoundText.moment(text, in: zone, isEnd: isEnd) else {
            throw TenonError.badParameter(parameter, text, expected: momentForm)
        }
        return moment
    }
}

extension Timestamp {
    /// The end of a range, which belongs to what people ask for, and not to what the host looks for.
    fileprivate var next: Timestamp { self + .microseconds(1) }
}
