internal import CSQLite
internal import Glibc
internal import TenonModel

/// A package file, opened as the SQLite archive of a stranger: read-only, defensive, nothing in its schema
/// trusted.
final class SQLArchive {
    private static let columns = ["name", "mode", "mtime", "sz", "data"]
    private let connection: OpaquePointer
    /// Checked by `PackageRules`.
    let entries: [PackageEntry]
    let fileByteCount: Int64

    init(path: String) throws(TenonError) {
        fileByteCount = try Self.fileSize(path)
        connection = try Self.open(path)
        do throws(TenonError) {
            try Self.checkSchema(connection)
            entries = try Self.list(connection)
            try PackageRules.check(entries)
        } catch {
            sqlite3_close_v2(connection)
            throw error
        }
    }

    deinit { sqlite3_close_v2(connection) }

    private static func fileSize(_ path: String) throws(TenonError) -> Int64 {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw TenonError(
                .packageUnreadable, "Cannot read the package \(path): \(String(cString: strerror(errno))).")
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw TenonError(.packageUnreadable, "The package \(path) is not a file.")
        }
        guard facts.st_size <= Limits.packageBytes else { throw PackageRules.tooLarge("as a file") }
        return Int64(facts.st_size)
    }

    private static func open(_ path: String) throws(TenonError) -> OpaquePointer {
        var opened: OpaquePointer?
        // Immutable: no journal and no lock beside the file, and nobody changes a copy in the store.
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        let uriPath = PercentEncoding.encode(path, keepsSlashes: true)
        let code = sqlite3_open_v2("file:\(uriPath)?immutable=1", &opened, flags, nil)
        guard code == SQLITE_OK, let connection = opened else {
            sqlite3_close_v2(opened)
            throw TenonError(.packageUnreadable, "Cannot open the package \(path) (SQLite error \(code)).")
        }
        let isDefended =
            tenon_sqlite_defend(connection) == SQLITE_OK
            && sqlite3_exec(connection, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", nil, nil, nil)
                == SQLITE_OK
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32(Limits.packageFileBytes) + 1_000_000)
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        guard isDefended else {
            let error = notArchive(connection)
            sqlite3_close_v2(connection)
            throw error
        }
        return connection
    }

    private static func notArchive(_ connection: OpaquePointer) -> TenonError {
        TenonError(
            .packageNotArchive,
            "The file is not an SQLite archive (\(String(cString: sqlite3_errmsg(connection)))). "
                + "Make packages with `tenon connector pack`.")
    }

    /// The archive must be the one plain table `sqlar` with its five columns: no view, trigger or virtual
    /// table.
    private static func checkSchema(_ connection: OpaquePointer) throws(TenonError) {
        var isPlain = true
        var tableCount = 0
        let schema = "SELECT type, name, rootpage, sql IS NULL FROM sqlite_schema LIMIT 10"
        try eachRow(connection, schema) { row in
            let type = text(row, 0)
            if type == "table", text(row, 1) == "sqlar", sqlite3_column_int64(row, 2) > 0 {
                tableCount += 1
            } else if type != "index" || sqlite3_column_int(row, 3) == 0 {
                isPlain = false
            }
        }
        var found: [String] = []
        try eachRow(connection, "SELECT name, hidden FROM pragma_table_xinfo('sqlar') LIMIT 10") { row in
            found.append(text(row, 0))
            if sqlite3_column_int(row, 1) != 0 { isPlain = false }
        }
        guard isPlain, tableCount == 1, found == columns else {
            throw TenonError(
                .packageNotArchive,
                "The file is not a plain SQLite archive: it must hold the one table sqlar and nothing else. "
                    + "Make packages with `tenon connector pack`.")
        }
    }

    private static func list(_ connection: OpaquePointer) throws(TenonError) -> [PackageEntry] {
        var entries: [PackageEntry] = []
        var isOrderly = true
        let listing =
            "SELECT name, mode, sz, length(data), typeof(name), typeof(mode), typeof(sz), typeof(data) FROM sqlar "
            + "LIMIT \(Limits.packageFiles + 1)"
        try eachRow(connection, listing) { row in
            let types = [text(row, 4), text(row, 5), text(row, 6)]
            // A link's target is text; its mode tells.
            let holdsData = ["blob", "null", "text"].contains(text(row, 7))
            if types != ["text", "integer", "integer"] || !holdsData { isOrderly = false }
            entries.append(
                PackageEntry(
                    name: text(row, 0), mode: UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 1)),
                    byteCount: sqlite3_column_int64(row, 2), storedByteCount: sqlite3_column_int64(row, 3)))
        }
        guard isOrderly else {
            throw TenonError(
                .packageDamaged, "The package's table of files has columns of the wrong type. Pack it again.")
        }
        return entries.sorted { $0.name.utf8Precedes($1.name) }
    }

    /// Unpacks one file piece by piece. Never hands on more than the entry declares.
    func read(_ entry: PackageEntry, into sink: (UnsafeRawBufferPointer) throws(TenonError) -> Void)
        throws(TenonError)
    {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard
            sqlite3_prepare_v2(connection, "SELECT data FROM sqlar WHERE name = ?", -1, &statement, nil)
                == SQLITE_OK,
            let row = statement
        else { throw damaged(entry) }
        // SQLITE_TRANSIENT: SQLite copies the name.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(row, 1, entry.name, -1, transient)
        guard sqlite3_step(row) == SQLITE_ROW else { throw damaged(entry) }
        let stored = UnsafeRawBufferPointer(
            start: sqlite3_column_blob(row, 0), count: Int(sqlite3_column_bytes(row, 0)))
        if Int64(stored.count) == entry.byteCount {
            try sink(stored)
        } else if Int64(stored.count) < entry.byteCount {
            try Inflation.run(stored, expecting: entry, into: sink)
        } else {
            throw damaged(entry)
        }
    }

    private func damaged(_ entry: PackageEntry) -> TenonError {
        TenonError(
            .packageDamaged,
            "\(PackageRules.quoted(entry.name)) in the package cannot be read. Get the package again.")
    }

    private static func text(_ row: OpaquePointer, _ column: Int32) -> String {
        guard let text = sqlite3_column_text(row, column) else { return "" }
        return String(
            decoding: UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(row, column))),
            as: UTF8.self)
    }

    private static func eachRow(
        _ connection: OpaquePointer, _ query: String, _ body: (OpaquePointer) -> Void
    ) throws(TenonError) {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(connection, query, -1, &statement, nil) == SQLITE_OK, let row = statement
        else {
            throw notArchive(connection)
        }
        while true {
            switch sqlite3_step(row) {
            case SQLITE_ROW: body(row)
            case SQLITE_DONE: return
            default: throw notArchive(connection)
            }
        }
    }
}
