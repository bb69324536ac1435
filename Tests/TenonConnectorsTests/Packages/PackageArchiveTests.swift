internal import Foundation
internal import GRDB
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonTestKit
internal import Testing

@Suite struct PackageArchiveTests {
    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// A packed ledger whose archive a statement has changed.
    private func tampered(_ statement: String) throws -> (PackageFolder, String) {
        let folder = try PackageFolder()
        let path = try folder.packed()
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: statement) }
        try queue.close()
        return (folder, path)
    }

    private func code(of statement: String) throws -> String? {
        let (folder, path) = try tampered(statement)
        return withExtendedLifetime(folder) {
            failure { _ = try PackageArchive.inspect(path: path) }?.code.rawValue
        }
    }

    @Test func `sqlite3 lists what was packed`() throws {
        let folder = try PackageFolder()
        try Data("secret".utf8).write(to: URL(fileURLWithPath: folder.path + "/.hidden"))
        let listing = try Shell.run("/usr/bin/sqlite3", ["-A", "-t", "-f", folder.packed()])
        #expect(
            listing.split(separator: "\n").sorted() == [
                "README.md", "connector.json", "lib", "lib/\(Manifest.platform)",
                "lib/\(Manifest.platform)/ledger.so",
            ])
    }

    @Test func `sqlite3 unpacks the same bytes`() throws {
        let folder = try PackageFolder()
        let output = TemporaryDirectory()
        try Shell.run("/usr/bin/sqlite3", ["-A", "-x", "-f", folder.packed(), "-C", output.path])
        for name in ["connector.json", "lib/\(Manifest.platform)/ledger.so"] {
            #expect(try bytes(output.file(name)) == bytes(folder.path + "/" + name))
        }
    }

    @Test func `a package that sqlite3 made is read`() throws {
        let folder = try PackageFolder()
        let path = folder.temporary.file("made.tenon")
        try Shell.run(
            "/bin/sh",
            ["-c", "cd '\(folder.path)' && sqlite3 -A -c -f '\(path)' connector.json lib README.md"])
        let inspection = try PackageArchive.inspect(path: path)
        #expect(inspection.manifest.name == "ledger")
        #expect(inspection.entries.contains { $0.name == "lib/\(Manifest.platform)/ledger.so" })
    }

    @Test func `the same folder gives the same bytes`() throws {
        let folder = try PackageFolder()
        #expect(try bytes(folder.packed(as: "a.tenon")) == bytes(folder.packed(as: "b.tenon")))
    }

    @Test func `packing without the library, or with a broken manifest, writes nothing`() throws {
        let folder = try PackageFolder()
        let output = folder.temporary.file("out.tenon")
        try FileManager.default.removeItem(atPath: folder.path + "/lib/\(Manifest.platform)/ledger.so")
        #expect(
            failure { try PackageArchive.pack(folder: folder.path, output: output) }?.code
                == .packageNoLibrary)
        try Data("{".utf8).write(to: URL(fileURLWithPath: folder.path + "/connector.json"))
        #expect(
            failure { try PackageArchive.pack(folder: folder.path, output: output) }?.code
                == .manifestMalformed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.temporary.path) == ["folder"])
    }

    @Test func `packing a link is refused`() throws {
        let folder = try PackageFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/passwd", withDestinationPath: "/etc/passwd")
        #expect(failure { _ = try folder.packed() }?.code == .packageLink)
    }

    @Test(
        arguments: [
            ("name = '../evil' WHERE name = 'README.md'", "package.parent-path"),
            ("name = 'lib/../../evil' WHERE name = 'README.md'", "package.parent-path"),
            ("name = '/etc/evil' WHERE name = 'README.md'", "package.absolute-path"),
            ("name = 'a//b' WHERE name = 'README.md'", "package.bad-path"),
            ("name = './a' WHERE name = 'README.md'", "package.bad-path"),
            ("name = 'a' || char(10) WHERE name = 'README.md'", "package.bad-path"),
            ("name = '' WHERE name = 'README.md'", "package.bad-path"),
            ("mode = 41471, data = '/etc/passwd', sz = -1 WHERE name = 'README.md'", "package.link"),
            ("sz = -1 WHERE name = 'README.md'", "package.link"),
            ("mode = 4516 WHERE name = 'README.md'", "package.special-file"),
            ("name = 'other.json' WHERE name = 'connector.json'", "package.no-manifest"),
            ("sz = 300000000 WHERE name = 'README.md'", "package.too-large"),
            ("sz = 9223372036854775807", "package.too-large"),
            ("sz = sz - 1 WHERE name = 'connector.json'", "package.bomb"),
            ("sz = sz + 1 WHERE name = 'connector.json'", "package.damaged"),
            ("data = randomblob(length(data)) WHERE name = 'connector.json'", "package.damaged"),
            ("sz = 3 WHERE name = 'connector.json'", "package.damaged"),
            ("sz = 'many' WHERE name = 'README.md'", "package.damaged"),
            ("sz = 2000000 WHERE name = 'connector.json'", "manifest.malformed"),
        ])
    func `each trick is refused with its own code`(change: String, code: String) throws {
        #expect(try self.code(of: "UPDATE sqlar SET \(change)") == code)
    }

    @Test func `a name that occurs twice is refused`() throws {
        let statement = """
            CREATE TABLE copy(name TEXT, mode INT, mtime INT, sz INT, data BLOB);
            INSERT INTO copy SELECT * FROM sqlar; INSERT INTO copy SELECT * FROM sqlar WHERE name = 'README.md';
            DROP TABLE sqlar; ALTER TABLE copy RENAME TO sqlar;
            """
        #expect(try code(of: statement) == "package.duplicate")
    }

    @Test func `too many files are refused`() throws {
        let statement = """
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1100)
            INSERT INTO sqlar SELECT 'file' || n, 33188, 0, 0, x'' FROM numbers
            """
        #expect(try code(of: statement) == "package.too-many-files")
    }

    @Test(
        arguments: [
            "DROP TABLE sqlar", "CREATE VIEW extra AS SELECT 1",
            "CREATE TRIGGER t AFTER INSERT ON sqlar BEGIN SELECT 1; END", "CREATE TABLE extra (a)",
            "ALTER TABLE sqlar RENAME TO hidden; CREATE VIEW sqlar AS SELECT * FROM hidden",
            "ALTER TABLE sqlar ADD COLUMN extra GENERATED ALWAYS AS (1)", "CREATE INDEX i ON sqlar (sz)",
            "DROP TABLE sqlar; CREATE VIRTUAL TABLE sqlar USING fts5(name, mode, mtime, sz, data)",
        ])
    func `an archive that is more than the plain table is refused`(statement: String) throws {
        #expect(try code(of: statement) == "package.not-an-archive")
    }

    @Test func `a file that is no database, is cut off, or is missing is refused`() throws {
        let folder = try PackageFolder()
        let path = try folder.packed()
        let whole = try bytes(path)
        let other = folder.temporary.file("other.tenon")
        try Data(repeating: 0x5A, count: 5000).write(to: URL(fileURLWithPath: other))
        #expect(failure { _ = try PackageArchive.inspect(path: other) }?.code == .packageNotArchive)
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: other))
        #expect(failure { _ = try PackageArchive.inspect(path: other) } != nil)
        #expect(
            failure { _ = try PackageArchive.inspect(path: "/nowhere.tenon") }?.code == .packageUnreadable)
        #expect(failure { _ = try PackageArchive.inspect(path: "/dev/zero") }?.code == .packageUnreadable)
    }

    @Test func `a mutant of a package is refused or read, and never ends the process`() throws {
        let folder = try PackageFolder()
        let whole = try bytes(folder.packed())
        let path = folder.temporary.file("mutant.tenon")
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            var mutant = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                // Most mutants hit the first pages, where the schema and the names stand.
                let limit = Bool.random(using: &generator) ? min(6000, mutant.count) : mutant.count
                mutant[Int.random(in: 0..<limit, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            try mutant.write(to: URL(fileURLWithPath: path))
            _ = failure { _ = try PackageArchive.inspect(path: path) }
        }
    }
}
