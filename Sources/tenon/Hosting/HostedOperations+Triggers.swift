internal import TenonAPI
internal import TenonJSON
internal import TenonModel
internal import TenonServer

extension HostedOperations {
    private static var unsupported: TenonError {
        TenonError(.internalError, "Triggers are not supported by this build.")
    }
    func triggers(_ query: TriggerQuery) throws(TenonError) -> [JSON] { [] }
    func trigger(_ id: TriggerID) throws(TenonError) -> JSON { throw Self.unsupported }
    func triggerLedger(_ query: TriggerLedgerQuery) throws(TenonError) -> Page { Page(items: []) }
    func pauseTrigger(_ id: TriggerID) throws(TenonError) -> JSON { throw Self.unsupported }
    func resumeTrigger(_ id: TriggerID) throws(TenonError) -> JSON { throw Self.unsupported }
    func backfillTrigger(_ id: TriggerID, _ request: BackfillRequest) throws(TenonError) -> JSON {
        throw Self.unsupported
    }
}
