package import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Synchronization
package import TenonModel

/// The database of a data directory. One connection writes and checkpoints; a few others read.
///
/// All calls block: keep them off the cooperative pool.
package final class Store: Sendable {
    package let directory: String
    /// Grows by one each time a host opens the directory.
    package let epoch: Int64
    package let time: any TimeSource
    private let pool: DatabasePool
    private let lock: Mutex<StoreLock?>
    private let wal: WALGauge

    private init(directory: String, time: any TimeSource, lock: StoreLock, pool: DatabasePool, epoch: Int64)
        throws
    {
        self.directory = directory
        self.time = time
        self.pool = pool
        self.epoch = epoch
        self.lock = Mutex(lock)
        wal = WALGauge()
        try pool.writeWithoutTransaction { try wal.watch($0) }
    }

    /// Opens `directory`, making it where it is missing.
    ///
    /// Throws `store.locked`, `store.newer`, `store.corrupt`, `store.full`, `store.unavailable`.
    package static func open(directory: String, time: any TimeSource) throws(TenonError) -> Store {
        let directory = try DataDirectory.make(at: directory)
        let lock = try StoreLock(directory: directory)
        do {
            let pool = try DatabasePool(
                path: DataDirectory.database(in: directory), configuration: configuration())
            let epoch = try pool.writeWithoutTransaction { database in
                // GRDB's WAL set-up leaves NORMAL behind, which may lose the last commits on power failure.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try Schema.migrate(database)
                return try nextEpoch(database)
            }
            return try Store(directory: directory, time: time, lock: lock, pool: pool, epoch: epoch)
        } catch {
            throw TenonError(storeFailure: error)
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "tenon.store"
        configuration.maximumReaderCount = 4
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try Schema.check(database)
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            // Readers must never checkpoint, and the writer does so only where `checkpointIfDue` says.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        return configuration
    }

    private static func nextEpoch(_ database: Database) throws -> Int64 {
        guard
            let epoch = try Int64.fetchOne(database, sql: "UPDATE host SET epoch = epoch + 1 RETURNING epoch")
        else { throw TenonError(.storeCorrupt, "tenon.db has lost its host row. Put a copy of it back.") }
        return epoch
    }

    /// Reads from one unchanging snapshot.
    package func read<T>(_ body: (Database) throws -> T) throws(TenonError) -> T {
        do { return try pool.read(body) } catch { throw TenonError(storeFailure: error) }
    }

    /// Runs `body` in a transaction; when this returns, what it wrote is on the disk.
    package func write<T>(_ body: (Database) throws -> T) throws(TenonError) -> T {
        do {
            let result = try pool.write(body)
            try checkpointIfDue()
            return result
        } catch {
            throw TenonError(storeFailure: error)
        }
    }

    /// Lends the writer's raw connection, outside any transaction. A transaction that `body` leaves open is
    /// rolled back.
    package func withWriter<T>(_ body: (OpaquePointer) throws -> T) throws(TenonError) -> T {
        do {
            return try pool.writeWithoutTransaction { database in
                guard let connection = database.sqliteConnection else {
                    throw TenonError(.storeUnavailable, "The database is closed.")
                }
                defer {
                    if sqlite3_get_autocommit(connection) == 0 {
                        sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
                    }
                }
                return try body(connection)
            }
        } catch {
            throw TenonError(storeFailure: error)
        }
    }

    /// Copies the write-ahead log into the database once it has grown enough, under the writer's lock.
    package func checkpointIfDue() throws(TenonError) {
        guard wal.pageCount >= WALGauge.pagesBetweenCheckpoints else { return }
        try withWriter { wal.checkpoint($0) }
    }

    /// Checkpoints, closes all connections and gives the lock back. Later calls throw.
    package func close() throws(TenonError) {
        do {
            try pool.close()
        } catch {
            throw TenonError(storeFailure: error)
        }
        lock.withLock { $0 = nil }
    }
}
