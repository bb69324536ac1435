internal import GRDBSQLite
internal import TenonModel

/// A statement that is prepared once and run many times on one connection.
final class Statement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private var position: Int32 = 0

    init(_ connection: OpaquePointer, _ sql: String) throws {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Self.failure(connection, code) }
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ value: Int64) {
        position += 1
        sqlite3_bind_int64(handle, position, value)
    }

    func bind(_ value: Int64?) {
        if let value { bind(value) } else { position += 1 }
    }

    func bind(_ time: Timestamp?) { bind(time?.microseconds) }

    func bind(_ text: String?) {
        position += 1
        guard var text else { return }
        text.withUTF8 { bytes in
            _ = bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(handle, position, characters.baseAddress, Int32(bytes.count), Self.copied)
            }
        }
    }

    func bind(blob bytes: [UInt8]) {
        position += 1
        // An empty array may have no address, which would bind NULL.
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(handle, position, 0)
            return
        }
        bytes.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(handle, position, bytes.baseAddress, Int32(bytes.count), Self.copied)
        }
    }

    /// Runs the statement with what was bound since the last run, which is forgotten; answers the first
    /// column of the first row, where there is a row.
    @discardableResult
    func run() throws -> Int64? {
        position = 0
        let code = sqlite3_step(handle)
        let value = code == SQLITE_ROW ? sqlite3_column_int64(handle, 0) : nil
        let failure = code == SQLITE_ROW || code == SQLITE_DONE ? nil : Self.failure(connection, code)
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        if let failure { throw failure }
        return value
    }

    private static func failure(_ connection: OpaquePointer, _ code: Int32) -> TenonError {
        TenonError(
            sqliteCode: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    // SQLITE_TRANSIENT, a macro that Swift does not import: SQLite copies what is bound.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
