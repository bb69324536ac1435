package import TenonAPI
package import TenonJSON
package import TenonModel

/// What the API does with triggers and their ledger. All block.
package protocol TriggerOperations: Sendable {
    func triggers(_ query: TriggerQuery) throws(TenonError) -> [JSON]
    func trigger(_ id: TriggerID) throws(TenonError) -> JSON
    func triggerLedger(_ query: TriggerLedgerQuery) throws(TenonError) -> Page
    func pauseTrigger(_ id: TriggerID) throws(TenonError) -> JSON
    func resumeTrigger(_ id: TriggerID) throws(TenonError) -> JSON
    /// Fires what is missing in a range; `{"due", "started", "alreadyDone", "queued", "ticks"}`.
    func backfillTrigger(_ id: TriggerID, _ request: BackfillRequest) throws(TenonError) -> JSON
}

/// What the API does with secrets. All block; none answers a value.
package protocol SecretOperations: Sendable {
    func setSecret(_ name: String, project: ProjectID, value: String) throws(TenonError) -> JSON
    func secrets(project: ProjectID) throws(TenonError) -> [JSON]
    func removeSecret(_ name: String, project: ProjectID) throws(TenonError)
}

/// Which triggers a list shows.
package struct TriggerQuery: Sendable, Equatable {
    package var project: ProjectID?
    package var definition: String?
    package var status: String?

    package init() {}
}

/// Which rows of the ledger a list shows.
package struct TriggerLedgerQuery: Sendable, Equatable {
    package var trigger: TriggerID?
    package var project: ProjectID?
    package var definition: String?
    package var outcome: String?
    /// A moment as the client wrote it; the host reads it.
    package var from: String?
    package var to: String?
    package var limit = 100
    package var cursor: String?

    package init() {}
}

/// Which ticks a backfill fires.
package struct BackfillRequest: Sendable, Equatable {
    /// A moment as the client wrote it; the host reads it, in the trigger's zone where it has no offset.
    package var from: String
    package var to: String
    package var isDryRun: Bool

    package init(from: String, to: String, isDryRun: Bool) {
        self.from = from
        self.to = to
        self.isDryRun = isDryRun
    }
}
