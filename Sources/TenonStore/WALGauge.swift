internal import GRDB
internal import GRDBSQLite
internal import Synchronization
internal import TenonModel

/// Knows how many pages the write-ahead log holds, and copies them into the database.
final class WALGauge: Sendable {
    static let pagesBetweenCheckpoints = 1000
    private let pages = Atomic<Int>(0)

    var pageCount: Int { pages.load(ordering: .relaxed) }

    /// Learns of each commit on the writer's connection.
    func watch(_ writer: Database) throws {
        guard let connection = writer.sqliteConnection else {
            throw TenonError(.storeUnavailable, "The database is closed.")
        }
        // The pointer stays valid: the store holds the gauge as long as the pool, whose closing ends the
        // callbacks.
        let gauge = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            connection,
            { context, _, _, pageCount in
                guard let context else { return SQLITE_OK }
                let gauge = Unmanaged<WALGauge>.fromOpaque(context).takeUnretainedValue()
                gauge.pages.store(Int(pageCount), ordering: .relaxed)
                return SQLITE_OK
            }, gauge)
    }

    /// Copies what no reader still needs. A log that stays long because of a reader is copied later.
    func checkpoint(_ writer: OpaquePointer) {
        var logged: Int32 = 0
        var copied: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(writer, nil, SQLITE_CHECKPOINT_PASSIVE, &logged, &copied)
        if code == SQLITE_OK { pages.store(Int(logged - copied), ordering: .relaxed) }
    }
}
