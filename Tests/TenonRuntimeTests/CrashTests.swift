import Foundation
import GRDB
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Kills a host with SIGKILL, again and again, while it runs workflows whose calls leave a line each in a
/// file.
@Suite(.timeLimit(.minutes(3)))
struct CrashTests {
    private static let killCount = 50
    private static let order = ["0": 0, "1": 1, "2": 2, "3": 3, "4a": 4, "4b": 4, "5": 5]

    struct Line {
        let execution: String
        let step: String
        let action: String
        let attempt: Int64
    }

    @Test
    func `a host that is killed at 50 random points repeats no recorded step and starts none too early`()
        throws
    {
        let directory = TemporaryDirectory()
        let package = directory.file("ledger.tenon")
        try PackageArchive.pack(folder: Fixtures.packageFolder("ledger"), output: package)
        let ledger = directory.file("ledger.txt")
        let arguments = [directory.file("data"), Fixtures.cellPath, package, ledger]
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        var seen = 0
        for _ in 0..<Self.killCount {
            let host = try CrashHostProcess(arguments + ["load"])
            #expect(host.waitUntilReady())
            usleep(UInt32.random(in: 5_000...250_000, using: &random))
            host.kill()
            // Cells notice that their host is gone, finish the call that they are in, and end.
            usleep(50_000)
            let lines = try Self.lines(ledger)
            try checkPredecessors(of: lines[seen...], in: arguments[0])
            seen = lines.count
        }
        let last = try CrashHostProcess(arguments + ["finish"])
        #expect(last.waitUntilReady())
        last.waitForEnd()
        try checkOutcome(Self.lines(ledger), in: arguments[0])
    }

    /// Every step that left a line had its intent, and all steps before it their results, recorded.
    private func checkPredecessors(of lines: ArraySlice<Line>, in data: String) throws {
        let store = try Store.open(directory: data, time: SystemTime())
        let recorded = try Self.statuses(store)
        for line in lines {
            let statuses = recorded[line.execution] ?? [:]
            let own = try #require(Self.order[line.step])
            #expect(statuses[line.step] != nil, "step \(line.step) of \(line.execution) has no intent")
            for (step, order) in Self.order where order < own {
                #expect(
                    statuses[step] == "completed",
                    "step \(line.step) of \(line.execution) began before \(step) was recorded")
            }
        }
        try store.close()
    }

    /// What was recorded was not done again; what is left is in doubt and was a write.
    private func checkOutcome(_ lines: [Line], in data: String) throws {
        let store = try Store.open(directory: data, time: SystemTime())
        let statuses = try Self.statuses(store)
        let executions = try store.read { database in
            try Row.fetchAll(database, sql: "SELECT id, status FROM executions")
        }
        var furthest: [String: Int] = [:]
        var writes: [String: Int] = [:]
        for line in lines {
            let order = try #require(Self.order[line.step])
            #expect(
                order >= furthest[line.execution] ?? 0, "step \(line.step) of \(line.execution) ran again")
            furthest[line.execution] = max(order, furthest[line.execution] ?? 0)
            if line.action == "append" { writes[line.execution, default: 0] += 1 }
        }
        #expect(writes.values.allSatisfy { $0 == 1 })
        var inDoubtCount = 0
        for row in executions {
            let id: String = row["id"]
            let status: String = row["status"]
            #expect(status == "completed" || status == "waiting", "\(id) is \(status)")
            let steps = statuses[id] ?? [:]
            if status == "waiting" {
                inDoubtCount += 1
                #expect(steps["2"] == "in-doubt")
                #expect(steps["3"] == nil)
            } else {
                #expect(steps.count == 7 && steps.values.allSatisfy { $0 == "completed" })
                #expect(writes[id] == 1)
            }
        }
        #expect(executions.count > Self.killCount)
        print("crash test: \(executions.count) executions, \(lines.count) calls, \(inDoubtCount) in doubt")
        try store.close()
    }

    private static func statuses(_ store: Store) throws -> [String: [String: String]] {
        let names = ["0", "1", "2", "3", "4a", "4b", "5"]
        let rows = try store.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT e.id, s.step, s.status FROM executions e JOIN steps s ON s.execution = e.number")
        }
        return rows.reduce(into: [:]) { statuses, row in
            statuses[row["id"], default: [:]][names[row["step"]]] = row["status"]
        }
    }

    private static func lines(_ path: String) throws -> [Line] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map { line in
            let json = try JSONParser.parse(String(line))
            return Line(
                execution: json["input"]?["execution"]?.string ?? "",
                step: json["input"]?["step"]?.string ?? "",
                action: json["action"]?.string ?? "", attempt: json["attempt"]?.int ?? 0)
        }
    }
}
