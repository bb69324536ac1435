import Foundation
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

/// Kills the host, the source's cell and the target's cell with SIGKILL while pipelines run: every row must
/// be in the target once, as if nothing had happened.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct PipelineCrashTests {
    private static let hostKillCount = 12
    private static let cellKillCount = 24
    /// Of each end: with more a pipeline could be given up before its first commit, and an instance would be
    /// left alone for half a minute.
    private static let cellKillsPerRun = 2

    @Test(arguments: CrashRig.Kind.usable)
    func `a pipeline whose host is killed at random points goes on, and its target equals the reference`(
        _ kind: CrashRig.Kind
    ) async throws {
        let rig = try await CrashRig(kind)
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        var kills = 0
        var attemptCounts: [Int64] = []
        while kills < Self.hostKillCount {
            let run = try rig.newPipeline()
            while kills < Self.hostKillCount {
                let process = try CrashHostProcess([
                    rig.data, Fixtures.cellPath, run.id.rawValue, "", "pipeline",
                ])
                #expect(process.waitUntilReady())
                usleep(UInt32.random(in: 1000...UInt32(rig.milliseconds * 700), using: &random))
                process.kill()
                guard try rig.isRunning(run.id) else { break }
                kills += 1
            }
            let record = try await rig.finish(run)
            attemptCounts.append(record["attempts"]?.int ?? 0)
            try rig.check(run, record)
        }
        #expect(attemptCounts.contains { $0 > 1 })
        print("\(kind): \(kills) kills of the host, attempts \(attemptCounts), run \(rig.milliseconds) ms")
    }

    @Test(arguments: CrashRig.Kind.usable)
    func `a pipeline whose cells are killed at random points goes on, and its target equals the reference`(
        _ kind: CrashRig.Kind
    ) async throws {
        let rig = try await CrashRig(kind)
        var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
        var kills = 0
        var attemptCounts: [Int64] = []
        while kills < Self.cellKillCount {
            let cells = try rig.open()
            let run = try rig.newPipeline(in: cells)
            let execution = try cells.host.executePipeline(run.id)
            let left = [Self.cellKillsPerRun, Self.cellKillsPerRun]
            kills += try await Self.kill(left, in: cells, execution, rig.milliseconds, &random)
            #expect(await cells.host.whenFinished(execution, within: .seconds(60)))
            let record = try cells.host.execution(execution).json
            attemptCounts.append(record["attempts"]?.int ?? 0)
            try rig.check(run, record)
        }
        print("\(kind): \(kills) kills of cells, attempts \(attemptCounts), run \(rig.milliseconds) ms")
    }

    /// Kills the cells of both ends while the execution runs, so often each; answers how often it did.
    private static func kill(
        _ counts: [Int], in cells: CellHost, _ execution: ExecutionID, _ milliseconds: Int,
        _ random: inout SeededGenerator
    ) async throws -> Int {
        var left = counts
        var kills = 0
        while left.contains(where: { $0 > 0 }) {
            let pause = UInt64.random(in: 1_000_000...UInt64(milliseconds) * 500_000, using: &random)
            try await Task.sleep(nanoseconds: pause)
            guard try cells.host.execution(execution).status == "running" else { break }
            let end = left[0] > 0 && (left[1] == 0 || Bool.random(using: &random)) ? 0 : 1
            let connection = try cells.host.deployments.deployed(
                CellHost.project, IntegrationID(end == 0 ? "source" : "target")
            ).connection
            let process = try #require(connection as? CellConnection).processID
            guard process > 0, Glibc.kill(process, SIGKILL) == 0 else { continue }
            left[end] -= 1
            kills += 1
        }
        return kills
    }

    @Test func `a pipeline that a drain interrupts goes on at the next start`() async throws {
        let rig = try await CrashRig(.counterToSqlite)
        let run: CrashRig.Run
        do {
            let cells = try rig.open()
            run = try rig.newPipeline(in: cells)
            let id = try cells.host.executePipeline(run.id)
            #expect(await !cells.host.whenFinished(id, within: .milliseconds(Int64(rig.milliseconds / 3))))
            cells.host.drain(.milliseconds(10))
        }
        let record = try await rig.finish(run)
        #expect(record["attempts"] == 2)
        try rig.check(run, record)
    }
}
