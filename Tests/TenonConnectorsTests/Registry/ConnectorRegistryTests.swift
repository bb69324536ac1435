internal import Foundation
internal import GRDB
internal import Glibc
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonTestKit
internal import TenonVersion
internal import Testing

@Suite struct ConnectorRegistryTests {
    private let host: TestRegistry

    init() throws { host = try TestRegistry() }

    private func ledger(_ version: String, title: String = "Ledger") throws -> String {
        let folder = try PackageFolder { manifest in
            manifest["version"] = .string(version)
            manifest["title"] = .string(title)
        }
        let target = host.temporary.file("ledger-\(version)-\(title).tenon")
        try PackageArchive.pack(folder: folder.path, output: target)
        return target
    }

    private func install(
        _ path: String, _ options: InstallOptions = TestRegistry.allowed
    ) throws -> PackageRecord {
        try host.registry.install(package: path, options: options)
    }

    /// The code of a failed installation; also claims that nothing is left behind.
    private func refusal(
        of path: String, _ options: InstallOptions = TestRegistry.allowed
    ) throws -> String? {
        let before = (host.contents, try host.registry.packages().count, try audit().count)
        let error = failure { _ = try install(path, options) }
        #expect(host.contents == before.0)
        #expect(try host.registry.packages().count == before.1)
        #expect(try audit().count == before.2)
        return error?.code.rawValue
    }

    private func audit() throws -> [AuditRow] { try host.store.read { try AuditTable.all(in: $0) } }

    @Test func `an installed package lies read-only in a folder named by its digest`() throws {
        let path = try ledger("1.0.0")
        let record = try install(path)
        let digest = try Shell.run("/usr/bin/sha256sum", [path]).prefix(64)
        #expect(record.digest.rawValue == digest)
        let folder = "\(host.store.directory)/connectors/sha256/\(digest)"
        #expect(record.libraryPath == "\(folder)/lib/\(Manifest.platform)/ledger.so")
        let modes = try ["", "/lib", "/connector.json", "/lib/\(Manifest.platform)/ledger.so"].map { name in
            try FileManager.default.attributesOfItem(atPath: folder + name)[.posixPermissions] as? Int
        }
        #expect(modes.prefix(3) == [0o555, 0o555, 0o444])
        #expect((modes[3] ?? 0o777) & 0o222 == 0)
        #expect(
            record.libraryDigest.rawValue
                == (try Shell.run("/usr/bin/sha256sum", [record.libraryPath])).prefix(64))
    }

    @Test func `a package that nobody signed needs to be allowed`() throws {
        #expect(try refusal(of: ledger("1.0.0"), InstallOptions(actor: "tester")) == "package.unsigned")
    }

    @Test func `versions lie side by side and ranges choose among them`() throws {
        for version in ["1.0.0", "1.2.0", "2.0.0"] { _ = try install(ledger(version)) }
        #expect(try host.registry.packages().map(\.version.description) == ["1.0.0", "1.2.0", "2.0.0"])
        #expect(try host.registry.package("ledger", version: "^1.0").version.description == "1.2.0")
        #expect(try host.registry.package("ledger").version.description == "2.0.0")
        #expect(failure { _ = try host.registry.package("ledger", version: "^3") }?.code == .packageNotFound)
        #expect(failure { _ = try host.registry.package("other") }?.code == .packageNotFound)
    }

    @Test func `installing the same bytes again changes nothing`() throws {
        let path = try ledger("1.0.0")
        let first = try install(path)
        let contents = host.contents
        #expect(try install(path).digest == first.digest)
        #expect(host.contents == contents)
        #expect(try audit().count == 1)
    }

    @Test func `the same version with other bytes is refused`() throws {
        _ = try install(ledger("1.0.0"))
        #expect(try refusal(of: ledger("1.0.0", title: "Other")) == "package.version-taken")
    }

    @Test func `an older version needs to be allowed`() throws {
        _ = try install(ledger("1.1.0"))
        #expect(try refusal(of: ledger("1.0.0")) == "package.downgrade")
        var options = TestRegistry.allowed
        options.allowDowngrade = true
        _ = try install(ledger("1.0.0"), options)
        #expect(try host.registry.packages().count == 2)
    }

    @Test func `running in the host is listed and audited, also for a package that is there already`() throws
    {
        let path = try ledger("1.0.0")
        #expect(try !install(path).mayRunInHost)
        var options = TestRegistry.allowed
        options.inHost = true
        #expect(try install(path, options).mayRunInHost)
        #expect(try audit().map(\.action) == ["package.install-unsigned", "package.in-host"])
        #expect(try audit().map(\.actor) == ["tester", "tester"])
    }

    @Test func `removing takes the files, the record and the right to run in the host, and is audited`()
        throws
    {
        var options = TestRegistry.allowed
        options.inHost = true
        let record = try install(ledger("1.0.0"), options)
        try host.registry.remove("ledger", version: "1.0.0", actor: "tester")
        #expect(try host.registry.packages().isEmpty)
        #expect(host.contents == ["sha256"])
        #expect(try host.store.read { try !PackageTable.mayRunInHost(record.libraryDigest, in: $0) })
        #expect(try audit().last?.action == "package.remove")
    }

    @Test func `the audit log shows when an entry was changed or is missing`() throws {
        for version in ["1.0.0", "1.1.0", "1.2.0"] { _ = try install(ledger(version)) }
        var rows = try audit()
        #expect(AuditLog.firstBreak(in: rows) == nil)
        rows[1].actor = "somebody else"
        #expect(AuditLog.firstBreak(in: rows) == 2)
        rows.remove(at: 1)
        #expect(AuditLog.firstBreak(in: rows) == 3)
    }

    @Test func `leftovers of an interrupted installation vanish at the next start`() throws {
        _ = try install(ledger("1.0.0"))
        let contents = host.contents
        let root = host.store.directory + "/connectors"
        for name in ["incoming-abc/content", "sha256/0123"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(name)", withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(root)/\(name)/file"))
        }
        chmod("\(root)/sha256/0123", 0o555)
        try host.restart()
        #expect(host.contents == contents)
    }

    // MARK: Refusals leave nothing behind

    @Test func `a package with a trick in it leaves nothing behind`() throws {
        for change in ["name = '../evil' WHERE name = 'README.md'", "sz = sz - 1 WHERE name LIKE '%.so'"] {
            let path = try ledger("1.0.0")
            let queue = try DatabaseQueue(path: path)
            try queue.inDatabase { try $0.execute(sql: "UPDATE sqlar SET \(change)") }
            try queue.close()
            #expect(try refusal(of: path)?.hasPrefix("package.") == true)
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func `a package whose manifest names no file of it is refused`() throws {
        let path = try ledger("1.0.0")
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "DELETE FROM sqlar WHERE name LIKE '%.so'") }
        try queue.close()
        #expect(try refusal(of: path) == "package.no-library")
    }

    @Test func `a library of another architecture is refused without loading it`() throws {
        let folder = try PackageFolder()
        let library = folder.path + "/lib/\(Manifest.platform)/ledger.so"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: library))
        // e_machine: 243 is RISC-V.
        bytes[18] = 243
        bytes[19] = 0
        try bytes.write(to: URL(fileURLWithPath: library))
        #expect(try refusal(of: folder.packed()) == "library.architecture")
    }

    @Test func `a library that is no library is refused`() throws {
        let folder = try PackageFolder()
        try Data("#!/bin/sh\n".utf8).write(
            to: URL(fileURLWithPath: folder.path + "/lib/\(Manifest.platform)/ledger.so"))
        #expect(try refusal(of: folder.packed()) == "library.format")
    }

    @Test(
        arguments: [
            ("broken-symbol", "library.symbol"), ("broken-abi", "library.abi"),
            ("broken-null", "library.function"),
            ("broken-create", "package.load-failed"), ("broken-promise", "package.capabilities"),
        ]) func `a library that does not keep its promises is refused`(library: String, code: String) throws
    {
        let folder = try PackageFolder(library: library)
        #expect(try refusal(of: folder.packed()) == code)
    }

    @Test func `a serial library whose manifest promises concurrency is refused`() throws {
        let folder = try PackageFolder(library: "torrent") { $0["concurrency"] = 2 }
        #expect(try refusal(of: folder.packed()) == "library.concurrency")
    }

    @Test func `a library that offers more than its manifest says is refused`() throws {
        let folder = try PackageFolder(library: "counter") { manifest in
            manifest["capabilities"] = ["tenon.instance/1", "tenon.action/1", "tenon.source/1"]
        }
        #expect(try refusal(of: folder.packed()) == "package.capabilities")
    }
}
