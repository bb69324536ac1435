package import TenonAPI
package import TenonJSON

extension TenonClient {
    package func triggers(_ filter: [(name: String, value: String)]) async throws(ClientError) -> [JSON] {
        var call = ClientCall(.listTriggers)
        call.query = filter
        return try await all(call)
    }

    package func trigger(_ id: String) async throws(ClientError) -> JSON {
        try await resource("trigger", ClientCall(.getTrigger, id: id))
    }

    /// The newest rows of the ledger that match, at most `limit`.
    package func triggerLedger(
        _ filter: [(name: String, value: String)], limit: Int
    ) async throws(ClientError) -> Page {
        var call = ClientCall(.listTriggerLedger)
        call.query = filter + [("limit", String(limit))]
        return Page(try await send(call), named: "ledger")
    }

    package func pauseTrigger(_ id: String) async throws(ClientError) -> JSON {
        try await resource("trigger", ClientCall(.pauseTrigger, id: id))
    }

    package func resumeTrigger(_ id: String) async throws(ClientError) -> JSON {
        try await resource("trigger", ClientCall(.resumeTrigger, id: id))
    }

    /// Fires what is missing from `from` to `to`; with `isDryRun` only says what that would be.
    package func backfillTrigger(
        _ id: String, from: String, to: String, isDryRun: Bool
    ) async throws(ClientError) -> JSON {
        try await resource(
            "backfill", ClientCall(.backfillTrigger, id: id),
            ["from": .string(from), "to": .string(to), "dryRun": .bool(isDryRun)])
    }
}
