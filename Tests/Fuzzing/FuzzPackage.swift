internal import CSQLite
internal import Foundation
@testable internal import TenonConnectors
internal import TenonModel

/// Packages made of what libFuzzer makes up, and what must be true of them.
enum FuzzPackage {
    static let manifest = Array(
        (#"{"name":"a","version":"1.0.0","type":"action","runtime":"tenon","abi":"1.0","libraries":"#
            + #"{"\#(Manifest.platform)":"lib/a.so"},"configSchema":{"type":"object"},"capabilities":["#
            + #""tenon.instance/1","tenon.action/1"],"actions":[{"name":"x","effect":{"by":"method","map":"#
            + #"{"GET":"read"},"default":"write"},"input":{"required":["n"]},"output":true}]}"#).utf8)

    // MARK: Making packages

    private static let schemas = [
        "CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB)",
        "CREATE TABLE sqlar(name TEXT, mode INT, mtime INT, sz INT, data BLOB)",
        "CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB) WITHOUT ROWID",
        "CREATE TABLE sqlar(name TEXT PRIMARY KEY, mode INT, mtime INT, sz INT, data BLOB, x AS (sz))",
        "CREATE TABLE sqlar(name, mode, mtime, sz, data); CREATE TABLE t(a)",
        "CREATE TABLE t(name, mode, mtime, sz, data); CREATE VIEW sqlar AS SELECT * FROM t",
        "CREATE TABLE sqlar(name, mode, mtime, sz, data); CREATE INDEX i ON sqlar(upper(name))",
        "CREATE TABLE sqlar(name, mode, mtime, sz, data); CREATE TRIGGER g AFTER INSERT ON sqlar BEGIN SELECT 1; END",
    ]
    private static let modes: [Int64] = [
        0o100644, 0o100755, 0o40755, 0o120777, 0o10644, 0o104777, 0o100000, 0, -1,
    ]

    /// `sqlar` of one of the schemas with the files that the bytes tell.
    static func write(_ reader: inout ByteReader, to path: String) {
        var opened: OpaquePointer?
        guard sqlite3_open(path, &opened) == SQLITE_OK, let connection = opened else { return }
        defer { sqlite3_close_v2(connection) }
        let schema = reader.choice(schemas)
        sqlite3_exec(
            connection,
            "PRAGMA page_size = 512; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \(schema)",
            nil, nil, nil)
        insert("connector.json", 0o100644, manifest, Int64(manifest.count), connection)
        insert("lib/a.so", 0o100755, [1], 1, connection)
        while !reader.isEmpty {
            let name = reader.counted()
            let mode = reader.choice(modes)
            var data = reader.counted()
            var count = Int64(data.count)
            switch reader.byte() % 4 {
            case 1: count = reader.number(Int64.self)
            case 2: data = Inflation.deflated(data) ?? data
            case 3: count &+= Int64(Int8(bitPattern: reader.byte()))
            default: break
            }
            insert(String(decoding: name, as: UTF8.self), mode, data, count, connection)
        }
    }

    private static func insert(
        _ name: String, _ mode: Int64, _ data: [UInt8], _ count: Int64, _ connection: OpaquePointer
    ) {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        let insertion = "INSERT INTO sqlar(name, mode, mtime, sz, data) VALUES (?, ?, 0, ?, ?)"
        sqlite3_prepare_v2(connection, insertion, -1, &statement, nil)
        // SQLITE_TRANSIENT: SQLite copies name and data.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(statement, 1, name, Int32(name.utf8.count), transient)
        sqlite3_bind_int64(statement, 2, mode)
        sqlite3_bind_int64(statement, 3, count)
        sqlite3_bind_blob64(statement, 4, data, UInt64(data.count), transient)
        sqlite3_step(statement)
    }

    /// A whole package, and tellings of others.
    @Sendable
    static func seeds() -> [[UInt8]] {
        let path = "\(FuzzFolder.path)/seed.tenon"
        var none = ByteReader([0])
        write(&none, to: path)
        let package = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        func file(_ name: String, _ mode: UInt8, _ data: [UInt8], _ kind: [UInt8]) -> [UInt8] {
            [UInt8(name.utf8.count)] + name.utf8 + [mode, UInt8(data.count)] + data + kind
        }
        let told = [
            file("README.md", 0, Array("hello".utf8), [0]), file("doc", 2, [], [0]),
            file("doc/a", 1, [UInt8](repeating: 7, count: 200), [2]), file(".hidden", 0, [1, 2], [0]),
            file("../x", 3, [1], [3, 0xFF]), file("/x/./y", 0, [], [1, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0]),
        ]
        return [[0] + package, [1, 0] + told[0] + told[1] + told[2] + told[3]]
            + told.map { [1, 0] + $0 } + (0..<UInt8(schemas.count)).map { [1, $0] + told[0] }
    }

    // MARK: Checks

    static func checkNames(_ entries: [PackageEntry]) {
        for entry in entries {
            let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
            if entry.name.hasPrefix("/") || parts.contains("..") || parts.contains("") || parts.contains(".")
            {
                broken("paths stay in their package: \(entry.name)")
            }
        }
        if Set(entries.map { Array($0.name.utf8) }).count != entries.count { broken("names are unique") }
    }

    /// Everything in the folder is of the archive and as long as it says; nothing may be written.
    static func check(_ folder: String, _ archive: SQLArchive, isWhole: Bool) {
        let files = Dictionary(
            archive.entries.filter { !$0.isFolder }.map { (Array($0.name.utf8), $0.byteCount) }
        ) { $1 }
        var found = 0
        eachFile(in: folder) { name, status in
            guard status.st_mode & S_IFMT != S_IFDIR else { return }
            guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o222 == 0 else {
                broken("only files that cannot be written come out: \(name)")
            }
            guard let byteCount = files[Array(name.utf8)] else { broken("nothing else comes out: \(name)") }
            if isWhole ? status.st_size != byteCount : status.st_size > byteCount {
                broken("\(name) has the \(byteCount) bytes that it should have")
            }
            found += 1
        }
        if isWhole, found != files.count { broken("every file comes out") }
    }

    /// Packed and unpacked again the files are the same, but for hidden ones.
    static func checkPacking(of folder: String, _ archive: SQLArchive) {
        let output = "\(FuzzFolder.path)/again.tenon"
        guard (try? PackageArchive.pack(folder: folder, output: output)) != nil else { return }
        guard let again = try? SQLArchive(path: output) else { broken("what is packed is an archive") }
        func visible(_ archive: SQLArchive) -> [[UInt8]] {
            archive.entries.filter {
                !$0.isFolder && !$0.name.split(separator: "/").contains { $0.hasPrefix(".") }
            }
            .map { Array("\($0.name) \($0.byteCount) \(content($0, archive))".utf8) }
        }
        if visible(again) != visible(archive) { broken("a package is packed again as it was") }
    }

    private static func content(_ entry: PackageEntry, _ archive: SQLArchive) -> [UInt8] {
        var bytes: [UInt8] = []
        do throws(TenonError) {
            try archive.read(entry) { piece throws(TenonError) in bytes.append(contentsOf: piece) }
        } catch {
            broken("a file that was unpacked can be read: \(error.message)")
        }
        if bytes.count != entry.byteCount { broken("a file has its bytes") }
        return bytes
    }

    private static func eachFile(in folder: String, below prefix: String = "", _ body: (String, stat) -> Void)
    {
        for name in (try? FolderTree.names(in: "\(folder)/\(prefix)")) ?? [] {
            var status = stat()
            lstat("\(folder)/\(prefix)\(name)", &status)
            body(prefix + name, status)
            if status.st_mode & S_IFMT == S_IFDIR { eachFile(in: folder, below: "\(prefix)\(name)/", body) }
        }
    }
}
