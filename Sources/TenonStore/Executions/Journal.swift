internal import Synchronization
package import TenonModel

/// Whose changes a journal carries. `didCommit` runs on the thread that committed: it must be quick.
package protocol JournalOwner: AnyObject, Sendable {
    func didCommit()
    /// A change cannot be recorded, ever; it and what the owner has appended since are dropped. As quick.
    func didRefuse(_ failure: TenonError)
}

/// Records what executions do, many of them in one transaction.
///
/// There is no thread of its own. Whoever needs a commit leads: it takes everything that is pending, writes
/// it in one transaction on its own thread, and releases all owners. While one commit runs, others pile up
/// for the next.
package final class Journal: @unchecked Sendable {
    /// When a change counts as recorded.
    package enum Durability: Sendable {
        /// On the disk.
        case synced
        /// Handed to the operating system; on the disk a moment later.
        case written
    }

    /// What a commit has done.
    package struct Outcome: Sendable {
        package var releasedOwnerCount = 0
        /// Why some changes are still pending.
        package var failure: TenonError?
    }

    /// Changes that belong together among others that are recorded in the same commit.
    package struct Part: Sendable {
        package var changes: [JournalChange]
        package var durability: Durability

        package init(changes: [JournalChange], durability: Durability) {
            self.changes = changes
            self.durability = durability
        }
    }

    struct Entry {
        var ticket: UInt64
        var changes: [JournalChange]
        var durability: Durability
        /// Nil: the thread that appended waits, and takes the entry back when it cannot be written.
        var owner: (any JournalOwner)?
        /// How often the database has refused it for what it contains.
        var refusalCount = 0
    }

    private static let maxRefusals = 3

    // Invariant: everything below is only touched while `condition` is locked, except `writer`, which belongs
    // to the thread that has set `isCommitting`.
    private let condition = Condition()
    private var pending: [Entry] = []
    private var pendingChangeCount = 0
    private var lastTicket: UInt64 = 0
    private var settledTicket: UInt64 = 0
    private var refused: [UInt64: TenonError] = [:]
    private var waiterCount = 0
    private var isCommitting = false
    private var isStopped = false
    private let writer: JournalWriter

    package init(store: Store) {
        writer = JournalWriter(store: store)
    }

    /// How many changes wait for a commit.
    package var backlog: Int { condition.withLock { pendingChangeCount } }

    /// Adds changes that the next commit records; `owner` learns of it.
    package func append(_ changes: [JournalChange], _ durability: Durability, owner: any JournalOwner) {
        condition.withLock { _ = push(changes, durability, owner) }
    }

    /// Records parts, in one commit where none of them is refused, and returns when that is done. Answers how
    /// many owners were released on the way, and why parts could not be recorded, by their positions.
    package func record(_ parts: [Part]) throws(TenonError) -> (
        releasedOwnerCount: Int, failures: [Int: TenonError]
    ) {
        guard !parts.isEmpty else { return (0, [:]) }
        condition.lock()
        guard !isStopped else {
            condition.unlock()
            throw Self.shutDown
        }
        let first = lastTicket + 1
        for part in parts { _ = push(part.changes, part.durability, nil) }
        let ticket = lastTicket
        while settledTicket < ticket, isCommitting {
            waiterCount += 1
            condition.wait()
            waiterCount -= 1
        }
        let isSettled = settledTicket >= ticket
        guard isSettled || !isStopped else {
            condition.unlock()
            throw Self.shutDown
        }
        if !isSettled { isCommitting = true }
        condition.unlock()
        // Others' failures are theirs; these parts' own verdicts are what counts here.
        let outcome = isSettled ? Outcome() : lead()
        let failures = condition.withLock { () -> [Int: TenonError] in
            guard !refused.isEmpty else { return [:] }
            return parts.indices.reduce(into: [:]) { failures, index in
                failures[index] = refused.removeValue(forKey: first + UInt64(index))
            }
        }
        return (outcome.releasedOwnerCount, failures)
    }

    /// Commits what is pending; nil when there is nothing or another thread is at it.
    package func commitPending() -> Outcome? {
        condition.lock()
        guard !isCommitting, !isStopped, !pending.isEmpty else {
            condition.unlock()
            return nil
        }
        isCommitting = true
        condition.unlock()
        return lead()
    }

    /// Waits until a running commit is over, records what is left and gives the prepared statements back.
    package func close() {
        occupy()
        _ = lead()
        stop()
    }

    /// As `close`, but what is left is lost, as it is when the process dies.
    package func abandon() {
        occupy()
        stop()
    }

    /// Makes this thread the one that commits.
    private func occupy() {
        condition.lock()
        while isCommitting {
            waiterCount += 1
            condition.wait()
            waiterCount -= 1
        }
        isCommitting = true
        condition.unlock()
    }

    private func stop() {
        writer.close()
        condition.withLock {
            isStopped = true
            isCommitting = false
            condition.broadcast()
        }
    }

    private static let shutDown = TenonError(
        .storeUnavailable, "The host is shutting down; nothing more is recorded.")

    private func push(_ changes: [JournalChange], _ durability: Durability, _ owner: (any JournalOwner)?)
        -> UInt64
    {
        lastTicket += 1
        pendingChangeCount += changes.count
        pending.append(Entry(ticket: lastTicket, changes: changes, durability: durability, owner: owner))
        return lastTicket
    }

    /// Called by the one thread that has set `isCommitting`.
    private func lead() -> Outcome {
        let group = condition.withLock {
            let group = pending
            pending = []
            pendingChangeCount = 0
            return group
        }
        let written = writer.write(group)
        for (owner, failure) in settle(group, written) { owner.didRefuse(failure) }
        var outcome = Outcome(failure: written.firstFailure)
        for (index, entry) in group.enumerated() where written.failures[index] == nil {
            guard let owner = entry.owner else { continue }
            owner.didCommit()
            outcome.releasedOwnerCount += 1
        }
        return outcome
    }

    /// Keeps what has failed for the next commit; answers the owners of what is given up.
    private func settle(_ group: [Entry], _ outcome: JournalWriter.Outcome)
        -> [(any JournalOwner, TenonError)]
    {
        condition.lock()
        var again: [Entry] = []
        var givenUp: [(any JournalOwner, TenonError)] = []
        for (index, failure) in outcome.failures {
            var entry = group[index]
            guard let owner = entry.owner else {
                refused[entry.ticket] = failure
                continue
            }
            if failure.isRefusal, outcome.refused.contains(index) { entry.refusalCount += 1 }
            if entry.refusalCount >= Self.maxRefusals { givenUp.append((owner, failure)) }
            again.append(entry)
        }
        again.sort { $0.ticket < $1.ticket }
        pending.insert(contentsOf: again, at: 0)
        pending.removeAll { entry in givenUp.contains { $0.0 === entry.owner } }
        if !outcome.failures.isEmpty { pendingChangeCount = pending.reduce(0) { $0 + $1.changes.count } }
        settledTicket = max(settledTicket, group.last?.ticket ?? 0)
        isCommitting = false
        if waiterCount > 0 { condition.broadcast() }
        condition.unlock()
        return givenUp
    }
}
