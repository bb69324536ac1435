internal import Logging
internal import TenonModel
internal import TenonStore

/// Removes rows of the ledger that are older than `Limits.ledgerRetention`, a few at a time.
///
/// A tick of which a row was there never fires again: up to the last tick whose row was removed, a trigger
/// takes no backfill, and does not go back where the clock is set back.
struct LedgerPruning {
    let host: TenonHost

    /// Does nothing where it is not time for it. Called by who holds the book: nobody fires meanwhile.
    func prune(_ book: inout TriggerLoop.Book, at now: Timestamp) {
        // A time that is too far away was told by a clock that went wrong.
        if let next = book.prunesAt, now < next, next - now <= Limits.ledgerPruning { return }
        book.prunesAt = now + Limits.ledgerPruning
        // Each turn goes on where the last one has stopped, until there is nothing more before the horizon.
        let starts = book.pruneStarts
        book.pruneStarts = [:]
        do throws(TenonError) {
            let limit = Limits.ledgerRowsAtOnce
            let horizon = now + (.zero - Limits.ledgerRetention)
            var next: [TickOutcome: Timestamp] = [:]
            var all: [OldLedgerRow] = []
            for outcome in TickOutcome.allCases {
                let old = try host.triggerStore.oldRows(
                    outcome, from: starts[outcome], before: horizon, limit: limit)
                next[outcome] = old.count < limit ? horizon : old.last?.tick
                all += old
            }
            try TriggerFiring(host: host).record(all.map(TriggerChange.pruned), .written)
            for row in all {
                let pruned = book.triggers[row.trigger]?.prunedTick
                book.triggers[row.trigger]?.prunedTick = max(pruned ?? row.tick, row.tick)
            }
            guard next.values.contains(where: { $0 < horizon }) else { return }
            book.pruneStarts = next
            book.prunesAt = now
        } catch {
            host.configuration.logger.warning(
                "old rows of the trigger ledger cannot be removed; it is tried again later",
                metadata: ["error": "\(error)"])
        }
    }
}
