internal import GRDBSQLite
internal import TenonModel

/// Writes groups of journal entries, each group in one transaction. Used by one thread at a time.
final class JournalWriter {
    /// What became of a group; the keys are positions in it.
    struct Outcome {
        var failures: [Int: TenonError] = [:]
        /// Those of `failures` that were tried on their own.
        var refused: Set<Int> = []
        /// The first one that is the database's fault rather than an entry's.
        var firstFailure: TenonError?
    }

    private let store: Store
    private let lateSync: LateSync
    private var statements: JournalStatements?

    init(store: Store) {
        self.store = store
        lateSync = LateSync(path: DataDirectory.database(in: store.directory) + "-wal")
    }

    func close() {
        statements = nil
        lateSync.stop()
    }

    /// Records the entries: all in one transaction, or, where that fails, each in its own, so that one bad
    /// entry holds up nobody else.
    func write(_ group: [Journal.Entry]) -> Outcome {
        var outcome = Outcome()
        guard !group.isEmpty else { return outcome }
        do {
            try commit(group[...])
        } catch  where group.count > 1 && error.code != .storeFull && error.code != .storeSuperseded {
            commitOneByOne(group, &outcome)
        } catch {
            for index in group.indices { outcome.failures[index] = error }
            if group.count == 1, error.isRefusal {
                outcome.refused = [0]
            } else {
                outcome.firstFailure = error
            }
        }
        return outcome
    }

    private func commitOneByOne(_ group: [Journal.Entry], _ outcome: inout Outcome) {
        var failedOwners: [ObjectIdentifier: TenonError] = [:]
        for (index, entry) in group.enumerated() {
            let owner = entry.owner.map { ObjectIdentifier($0) }
            // An owner's later rows never overtake its earlier ones.
            if let owner, let failure = failedOwners[owner] {
                outcome.failures[index] = failure
                continue
            }
            do {
                try commit(group[index...index])
            } catch {
                outcome.failures[index] = error
                outcome.refused.insert(index)
                if !error.isRefusal { outcome.firstFailure = outcome.firstFailure ?? error }
                if let owner { failedOwners[owner] = error }
            }
        }
    }

    private func commit(_ entries: ArraySlice<Journal.Entry>) throws(TenonError) {
        let isSynced = entries.contains { $0.durability == .synced }
        try store.withWriter { connection in
            let statements = try self.statements ?? JournalStatements(connection, epoch: store.epoch)
            self.statements = statements
            if !isSynced { sqlite3_exec(connection, "PRAGMA synchronous = NORMAL", nil, nil, nil) }
            defer {
                // Everybody else on this connection counts on FULL.
                if !isSynced { sqlite3_exec(connection, "PRAGMA synchronous = FULL", nil, nil, nil) }
            }
            try statements.begin()
            for entry in entries {
                for change in entry.changes { try statements.write(change) }
            }
            try statements.commit()
        }
        if !isSynced { lateSync.needed() }
        try store.checkpointIfDue()
    }
}

extension TenonError {
    /// Whether the database refused what it was to store, and would again; not that it could not store
    /// anything.
    var isRefusal: Bool {
        if code == .triggerTickTaken { return true }
        guard let code = context["sqlite.code"].flatMap({ Int32($0) }) else { return false }
        return [SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE].contains(code & 0xFF)
    }
}
