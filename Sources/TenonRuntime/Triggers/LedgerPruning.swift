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
        do throws(TenonError) {
            let limit = Limits.ledgerRowsAtOnce
            let horizon = now + (.zero - Limits.ledgerRetention)
            let old = try host.triggerStore.oldRows(before: horizon, limit: limit)
            guard !old.isEmpty else { return }
            try TriggerFiring(host: host).record(old.map(TriggerChange.pruned), .written)
            for row in old {
                let pruned = book.triggers[row.trigger]?.prunedTick
                book.triggers[row.trigger]?.prunedTick = max(pruned ?? row.tick, row.tick)
            }
            if old.count >= limit { book.prunesAt = now + Limits.triggerLook }
        } catch {
            host.configuration.logger.warning(
                "old rows of the trigger ledger cannot be removed; it is tried again later",
                metadata: ["error": "\(error)"])
        }
    }
}
