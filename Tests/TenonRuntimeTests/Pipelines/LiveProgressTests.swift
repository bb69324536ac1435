import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct LiveProgressTests {
    private static let body: JSON = [
        "projectId": "project", "name": "pipeline", "sourceIntegrationId": "source",
        "targetIntegrationId": "target",
        "stages": [
            ["name": "Extract", "type": "extract", "order": 0, "transformations": []],
            ["name": "Load", "type": "load", "order": 9, "transformations": []],
        ],
    ]

    @Test func `a running pipeline says how far every stage is, how fast, and how long it will take`()
        async throws
    {
        var plan = RecordBox.Plan(blocksAfter: 5)
        plan.announcedBytes = 1000
        let target = RecordBox()
        let host = try EngineHost(["source": RecordBox(plan), "target": target])
        let id = try host.host.executePipeline(host.host.savePipeline(Self.body, id: nil).id)
        #expect(try await EngineHost.wait { target.kept.withLock { $0.maxUncommittedRows } == 500 })
        // The estimate needs some time to look back on.
        #expect(try await EngineHost.wait { host.host.liveProgress(id)?["etaSeconds"]?.int != nil })
        let live = try #require(host.host.liveProgress(id))
        #expect(live["status"] == "running")
        #expect(live["recordsProcessed"] == 500)
        #expect(live["attempt"] == 1)
        #expect(live["done"] == ["bytes": 500, "total": 1000])
        #expect((live["recordsPerSecond"]?.int ?? 0) > 0)
        #expect(live["stages"]?.array?.map { $0["read"]?.int } == [500, 500])
        #expect(live["bottleneck"]?.string != nil)
        try host.host.cancel(id)
        #expect(await host.host.whenFinished(id, within: .seconds(1)))
        #expect(host.host.liveProgress(id) == nil)
    }

    @Test func `a finished pipeline says its attempts, time, rate, bottleneck and last commit`() async throws
    {
        let host = try EngineHost(["source": RecordBox(), "target": RecordBox()])
        let id = try host.host.executePipeline(host.host.savePipeline(Self.body, id: nil).id)
        #expect(await host.host.whenFinished(id, within: .seconds(10)))
        let record = try host.host.execution(id).json
        #expect(record["attempts"] == 1)
        #expect(record["guarantee"] == "exactlyOnce")
        #expect((record["checkpoint"]?["sequence"]?.int ?? 0) > 0)
        #expect(["Extract", "Load"].contains(record["bottleneck"]?.string))
        #expect((record["durationMs"]?.int ?? -1) >= 0)
        #expect((record["recordsPerSecond"]?.int ?? 0) > 0)
    }
}
