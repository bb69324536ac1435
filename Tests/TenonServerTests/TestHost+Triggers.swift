import TenonAPI
import TenonJSON
import TenonModel

@testable import TenonServer

/// The host of these tests has one trigger, `nightly`, and keeps no secrets.
extension TestHost {
    private static let nightly: JSON = [
        "id": "nightly", "projectId": "p", "status": "active", "nextTicks": ["2026-11-24T02:00:00+01:00"],
    ]

    private func known(_ id: TriggerID) throws(TenonError) {
        if id.rawValue == "nightly" { return }
        throw TenonError(ErrorCode("trigger.not-found", 404), "There is no trigger with this id.")
    }

    func triggers(_ query: TriggerQuery) throws(TenonError) -> [JSON] {
        _ = note("triggers \(query)")
        return query.status == "paused" ? [] : [Self.nightly]
    }
    func trigger(_ id: TriggerID) throws(TenonError) -> JSON {
        try known(id)
        return Self.nightly
    }
    func triggerLedger(_ query: TriggerLedgerQuery) throws(TenonError) -> Page {
        _ = note("ledger \(query)")
        return Page(items: [["triggerId": "nightly", "outcome": "fired"]], nextCursor: "more")
    }
    func pauseTrigger(_ id: TriggerID) throws(TenonError) -> JSON {
        try known(id)
        return note("pause \(id)")
    }
    func resumeTrigger(_ id: TriggerID) throws(TenonError) -> JSON {
        try known(id)
        return note("resume \(id)")
    }
    func backfillTrigger(_ id: TriggerID, _ request: BackfillRequest) throws(TenonError) -> JSON {
        try known(id)
        _ = note("backfill \(id) \(request.from) \(request.to) \(request.isDryRun)")
        return ["due": 2, "started": 1, "alreadyDone": 1, "ticks": []]
    }

    func setSecret(_ name: String, project: ProjectID, value: String) throws(TenonError) -> JSON {
        _ = note("set \(name) of \(project), \(value.utf8.count) bytes")
        return ["name": .string(name), "projectId": .string(project.rawValue)]
    }
    func secrets(project: ProjectID) throws(TenonError) -> [JSON] {
        [["name": "erp_password", "projectId": .string(project.rawValue)]]
    }
    func removeSecret(_ name: String, project: ProjectID) throws(TenonError) {
        _ = note("remove \(name) of \(project)")
    }
}
