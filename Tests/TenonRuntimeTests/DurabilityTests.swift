import Foundation
import TenonConnectors
import TenonJSON
import TenonTestKit
import Testing

/// Counts what a host really brings to the disk, by looking at its calls of fsync and fdatasync.
@Suite(.timeLimit(.minutes(1)))
struct DurabilityTests {
    private static let stepCount = 100

    /// When the steps' effects happened and when the host's syncs returned, on one clock, in order.
    private static func times(_ durability: String) throws -> (effects: [Int64], syncs: [Int64]) {
        let directory = TemporaryDirectory()
        let library = directory.file("sync_log.so")
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = [
            "cc", "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-fPIC", "-shared", "-o", library,
            Fixtures.root + "/Tests/Fixtures/SyncLog/sync_log.c", "-ldl",
        ]
        try compiler.run()
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)
        let package = directory.file("ledger.tenon")
        try PackageArchive.pack(folder: Fixtures.packageFolder("ledger"), output: package)
        let ledger = directory.file("ledger.txt")
        let log = directory.file("syncs")
        let host = try CrashHostProcess(
            [directory.file("data"), Fixtures.cellPath, package, ledger, durability],
            environment: ["LD_PRELOAD": library, "TENON_SYNC_LOG": log])
        host.waitForEnd()
        let effects = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").map { line in
            try #require(try JSONParser.parse(String(line))["nanoseconds"]?.int)
        }
        let syncs = try String(contentsOfFile: "\(log).\(host.identifier)", encoding: .utf8)
            .split(separator: "\n").compactMap { Int64($0) }
        return (effects, syncs.sorted())
    }

    @Test func `strict: between any two effects something was brought to the disk`() throws {
        let (effects, syncs) = try Self.times("strict")
        try #require(effects.count == Self.stepCount)
        for (earlier, later) in zip(effects, effects.dropFirst()) {
            #expect(earlier < later)
            #expect(syncs.contains { $0 > earlier && $0 < later })
        }
        let count = syncs.count { $0 > effects[0] }
        #expect(count >= Self.stepCount)
        print("durability test: strict \(count) syncs for \(Self.stepCount) steps")
    }

    @Test func `relaxed: the disk is waited for a few times only`() throws {
        let (effects, syncs) = try Self.times("relaxed")
        try #require(effects.count == Self.stepCount)
        let count = syncs.count { $0 > effects[0] && $0 < effects[Self.stepCount - 1] }
        #expect(count < Self.stepCount / 4)
        // Afterwards all of it is on the disk all the same.
        #expect(syncs.contains { $0 > effects[Self.stepCount - 1] })
        print("durability test: relaxed \(count) syncs for \(Self.stepCount) steps")
    }
}
