internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import TenonModel
internal import TenonStore
internal import TenonTestKit
internal import Testing

@Suite struct StoreTests {
    private let temporary = TemporaryDirectory()
    private var directory: String { temporary.file("data") }

    private func open() throws(TenonError) -> Store {
        try Store.open(directory: directory, time: ManualTime())
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? TenonError)?.code.rawValue
        }
    }

    @Test func `only the owner can look into the data directory`() throws {
        let store = try open()
        for name in ["", "/connectors", "/keys", "/run", "/tenon.db", "/tenon.db-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: store.directory + name)
            let mode = (attributes[.posixPermissions] as? Int ?? 0) & 0o077
            #expect(mode == 0, "\(name)")
        }
    }

    @Test func `the epoch grows at each open`() throws {
        for expected in 1...3 as ClosedRange<Int64> {
            let store = try open()
            #expect(store.epoch == expected)
            try store.close()
        }
    }

    @Test func `a second host on the directory is refused until the first has closed`() throws {
        let first = try open()
        #expect(code { _ = try open() } == "store.locked")
        try first.close()
        #expect(code { _ = try open() } == nil)
    }

    @Test func `a host of another process is refused with the process id of the holder`() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = [directory + "/tenon.lock", "cat"]
        let input = Pipe()
        holder.standardInput = input
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        input.fileHandleForWriting.write(Data("held\n".utf8))
        _ = output.fileHandleForReading.availableData
        #expect(code { _ = try open() } == "store.locked")
        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(code { _ = try open() } == nil)
    }

    @Test func `a newer database is refused and not changed`() throws {
        let store = try open()
        try store.close()
        let path = directory + "/tenon.db"
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 999") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(code { _ = try open() } == "store.newer")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test func `a file that is no database is refused and not changed`() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/tenon.db"
        let bytes = Data(repeating: 0x41, count: 8192)
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(code { _ = try open() } == "store.corrupt")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test func `a database of somebody else is refused`() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let queue = try DatabaseQueue(path: directory + "/tenon.db")
        try queue.inDatabase { try $0.execute(sql: "CREATE TABLE notes (text)") }
        try queue.close()
        #expect(code { _ = try open() } == "store.corrupt")
    }

    @Test func `damage that a read meets later is reported as such`() throws {
        let store = try open()
        try store.write { database in
            try database.execute(sql: "CREATE TABLE filler (text)")
            for _ in 0..<100 {
                try database.execute(sql: "INSERT INTO filler VALUES (hex(randomblob(2000)))")
            }
        }
        try store.close()
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: directory + "/tenon.db"))
        let size = try handle.seekToEnd()
        for offset in stride(from: size - 40 * 4096, to: size, by: 4096) {
            try handle.seek(toOffset: offset)
            handle.write(Data(repeating: 0xFF, count: 4096))
        }
        try handle.close()
        let damaged = try open()
        let found = code {
            _ = try damaged.read { try Int.fetchOne($0, sql: "SELECT sum(length(text)) FROM filler") }
        }
        #expect(found == "store.corrupt")
    }

    @Test func `a full disk fails the write, which leaves nothing behind, and not the store`() throws {
        let store = try open()
        try store.write { try $0.execute(sql: "CREATE TABLE filler (text)") }
        _ = try store.withWriter { sqlite3_exec($0, "PRAGMA max_page_count = 60", nil, nil, nil) }
        let found = code {
            try store.write { database in
                for _ in 0..<1000 { try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(4000))") }
            }
        }
        #expect(found == "store.full")
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM filler") } == 0)
        _ = try store.withWriter { sqlite3_exec($0, "PRAGMA max_page_count = 100000", nil, nil, nil) }
        #expect(code { try store.write { try $0.execute(sql: "INSERT INTO filler VALUES (1)") } } == nil)
    }

    @Test
    func `every connection is in WAL mode, syncs fully where it writes, and never checkpoints by itself`()
        throws
    {
        let store = try open()
        let pragmas = ["journal_mode", "synchronous", "wal_autocheckpoint"]
        let writer = try store.write { database in
            try pragmas.map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
        }
        #expect(writer == ["wal", "2", "0"])
        let reader = try store.read { try String.fetchOne($0, sql: "PRAGMA wal_autocheckpoint") }
        #expect(reader == "0")
    }

    @Test func `the log is copied into the database once it has grown, so it stays bounded`() throws {
        let store = try open()
        try store.write { try $0.execute(sql: "CREATE TABLE filler (text)") }
        for _ in 0..<40 {
            try store.write { database in
                for _ in 0..<100 { try database.execute(sql: "INSERT INTO filler VALUES (zeroblob(4000))") }
            }
        }
        let log = try FileManager.default.attributesOfItem(atPath: store.directory + "/tenon.db-wal")
        #expect((log[.size] as? Int ?? 0) < 8 << 20)
    }

    @Test func `a transaction that a raw access leaves open is rolled back`() throws {
        let store = try open()
        _ = try store.withWriter { connection in
            sqlite3_exec(connection, "BEGIN IMMEDIATE; CREATE TABLE left_open (a)", nil, nil, nil)
        }
        let count = try store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'left_open'")
        }
        #expect(count == 0)
    }

    @Test func `a directory that cannot be made is said so`() throws {
        let file = temporary.file("plain")
        try Data().write(to: URL(fileURLWithPath: file))
        #expect(
            code { _ = try Store.open(directory: file + "/data", time: ManualTime()) } == "store.unavailable")
    }
}
