internal import CSQLite
internal import Glibc
package import TenonModel

extension PackageArchive {
    /// Packs `folder` (a `connector.json`, `lib/<platform>/*.so`, and what else it holds; hidden files are
    /// left out).
    ///
    /// The same folder gives the same bytes. `output` is replaced once the new package is complete and
    /// correct.
    package static func pack(folder: String, output: String) throws(TenonError) {
        let manifest = try packedManifest(in: folder)
        let files = try listed(folder)
        for (platform, path) in manifest.libraries
        where !files.contains(where: { $0.name == path && !$0.isFolder }) {
            throw TenonError(
                .packageNoLibrary,
                "The library \(path) for \(platform) is missing in \(folder). Build it there, then pack again."
            )
        }
        try PackageRules.check(files)
        let temporary = output + ".\(getpid()).part"
        unlink(temporary)
        defer { unlink(temporary) }
        do throws(FileBytes.Failure) {
            let writer = try ArchiveWriter(path: temporary)
            for file in files {
                let bytes =
                    file.isFolder
                    ? nil : try FileBytes.read(folder + "/" + file.name, atMost: Limits.packageFileBytes)
                try writer.append(file, bytes)
            }
            try writer.finish()
        } catch {
            throw TenonError(.packageNotWritten, "Cannot pack \(folder): \(error.message).")
        }
        _ = try inspect(path: temporary)
        guard rename(temporary, output) == 0 else {
            throw TenonError(
                .packageNotWritten, "Cannot write the package \(output): \(String(cString: strerror(errno)))."
            )
        }
    }

    private static func packedManifest(in folder: String) throws(TenonError) -> Manifest {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(folder + "/" + manifestName, atMost: Limits.manifestBytes)
        } catch {
            throw TenonError(
                .packageNoManifest, "Cannot read the manifest: \(error.message). A package begins with one.")
        }
        return try Manifest.parse(bytes)
    }

    private static func listed(_ folder: String) throws(TenonError) -> [PackageEntry] {
        do {
            return try listing(of: folder)
        } catch {
            throw TenonError(.packageNotWritten, "Cannot read the folder \(error.message).")
        }
    }

    /// Everything below `folder`, sorted by path.
    private static func listing(of folder: String) throws(FileBytes.Failure) -> [PackageEntry] {
        var entries: [PackageEntry] = []
        var folders = [""]
        while let prefix = folders.popLast() {
            for name in try FolderTree.names(in: folder + "/" + prefix) where !name.hasPrefix(".") {
                var facts = stat()
                guard lstat(folder + "/" + prefix + name, &facts) == 0 else { continue }
                let isFolder = facts.st_mode & S_IFMT == S_IFDIR
                let permissions: mode_t = isFolder || facts.st_mode & 0o111 != 0 ? 0o755 : 0o644
                entries.append(
                    PackageEntry(
                        name: prefix + name, mode: facts.st_mode & S_IFMT | permissions,
                        byteCount: isFolder ? 0 : Int64(facts.st_size), storedByteCount: 0))
                if isFolder { folders.append(prefix + name + "/") }
                if entries.count > Limits.packageFiles { return entries }
            }
        }
        return entries.sorted { $0.name.utf8Precedes($1.name) }
    }
}

/// Writes an archive as `sqlite3 -A` would, without anything that differs from run to run.
private final class ArchiveWriter {
    private let connection: OpaquePointer
    private let path: String

    init(path: String) throws(FileBytes.Failure) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil)
        guard code == SQLITE_OK, let connection = opened else {
            sqlite3_close_v2(opened)
            throw FileBytes.Failure(message: "\(path): SQLite error \(code)")
        }
        self.connection = connection
        self.path = path
        try run(
            """
            PRAGMA journal_mode = OFF;
            BEGIN;
            CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB);
            """)
    }

    deinit { sqlite3_close_v2(connection) }

    func append(_ entry: PackageEntry, _ bytes: [UInt8]?) throws(FileBytes.Failure) {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        sqlite3_prepare_v2(connection, "INSERT INTO sqlar VALUES (?, ?, 0, ?, ?)", -1, &statement, nil)
        // SQLITE_TRANSIENT: SQLite copies name and data.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(statement, 1, entry.name, -1, transient)
        sqlite3_bind_int64(statement, 2, Int64(entry.mode))
        sqlite3_bind_int64(statement, 3, Int64(bytes?.count ?? 0))
        if let bytes {
            let data = Inflation.deflated(bytes) ?? bytes
            if data.isEmpty {
                sqlite3_bind_zeroblob(statement, 4, 0)
            } else {
                sqlite3_bind_blob64(statement, 4, data, UInt64(data.count), transient)
            }
        }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
    }

    func finish() throws(FileBytes.Failure) { try run("COMMIT") }

    private func run(_ statements: String) throws(FileBytes.Failure) {
        guard sqlite3_exec(connection, statements, nil, nil, nil) == SQLITE_OK else { throw failure() }
    }

    private func failure() -> FileBytes.Failure {
        FileBytes.Failure(message: "\(path): \(String(cString: sqlite3_errmsg(connection)))")
    }
}
