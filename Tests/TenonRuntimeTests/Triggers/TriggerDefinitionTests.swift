import GRDB
import Synchronization
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What saving a definition does to its triggers.
@Suite(.timeLimit(.minutes(1)))
struct TriggerDefinitionTests {
    private func refusal(_ body: () throws -> Void) -> TenonError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TenonError
        }
    }

    @Test func `a schedule that cannot be read is refused with its place`() throws {
        let rig = try TriggerRig()
        let error = refusal { try rig.save("0 25 * * *") }
        #expect(error?.code.rawValue == "schedule.invalid")
        #expect(error?.code.httpStatus == 422)
        #expect(error?.fields.map(\.pointer) == ["/triggers/0/schedule"])
        let zone = refusal { try rig.save("@daily", ["timezone": "Europe/Berln"]) }
        #expect(zone?.fields.map(\.pointer) == ["/triggers/0/timezone"])
        #expect(try rig.host.triggers(project: nil, definition: nil, status: nil).isEmpty)
    }

    @Test func `a trigger's context has to fit the workflow's input schema`() throws {
        let rig = try TriggerRig()
        let schema: JSON = [
            "type": "object", "required": ["region"], "properties": ["region": ["type": "string"]],
        ]
        let error = refusal {
            try rig.save("@daily", ["context": ["region": 1]], workflow: ["inputSchema": schema])
        }
        #expect(error?.fields.map(\.pointer) == ["/triggers/0/context/region"])
        #expect(refusal { try rig.save("@daily", workflow: ["inputSchema": schema]) } != nil)
        try rig.save("@daily", ["context": ["region": "north"]], workflow: ["inputSchema": schema])
    }

    @Test func `saving warns of a schedule whose last tick has passed`() throws {
        let rig = try TriggerRig()
        func warnings(_ end: String) throws -> [String] {
            let trigger: JSON = ["type": "schedule", "schedule": "0 0 * * *", "end": .string(end)]
            let body: JSON = [
                "projectId": "project", "name": "w", "steps": [call("one", order: 0)], "triggers": [trigger],
            ]
            let saved = try rig.host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true))
            return saved.warnings.filter { $0.code == "workflow.trigger-ended" }.map(\.pointer)
        }
        #expect(try warnings("2026-03-09") == ["/triggers/0"])
        #expect(try warnings("2026-03-11") == [])
    }

    @Test func `an edit of something else keeps the ticks that wait`() async throws {
        let slow = InProcessConnection { _ in .later }
        let rig = try TriggerRig(["there": slow])
        let id = try rig.save("0 * * * *", ["overlap": "queue"])
        for hour in 1...3 { rig.set("2026-03-10T0\(hour):00:00Z") }
        func queueCount() -> Int? {
            rig.host.triggerLoop.book.withLock { $0.triggers[id]?.queue.count }
        }
        #expect(queueCount() == 2)
        try rig.save(" 0  * * * *", ["overlap": "queue", "note": "x", "timezone": nil, "dst": [:]])
        #expect(queueCount() == 2)
    }

    @Test func `another schedule counts from when it was saved, the same one goes on`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *")
        rig.set("2026-03-10T01:00:00Z")
        try await rig.settle()
        rig.time.advance(by: .seconds(7200 + 1800))
        // What was due before the change is not lost.
        #expect(try rig.save("30 * * * *") == id)
        #expect(
            try rig.ledger() == [
                "03-10T01:00 fired", "03-10T02:00 skipped misfire (catch-up)", "03-10T03:00 fired (catch-up)",
            ])
        try await rig.settle()
        rig.set("2026-03-10T04:30:00Z")
        try await rig.settle()
        try rig.save("30 * * * *", ["overlap": "allow"], workflow: ["description": "new"])
        rig.set("2026-03-10T05:30:00Z")
        try await rig.settle()
        #expect(try rig.ledger().suffix(2) == ["03-10T04:30 fired", "03-10T05:30 fired"])
        #expect(try rig.executions.map(\.definitionVersion) == [1, 1, 2, 3])
    }

    @Test func `a trigger that was away or disabled for a time makes up for nothing`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *", ["misfire": "all"])
        try rig.save("0 * * * *", ["misfire": "all", "enabled": false])
        #expect(try rig.host.trigger(id)["status"]?.string == "disabled")
        #expect(refusal { _ = try rig.host.pauseTrigger(id) }?.code.rawValue == "trigger.not-active")
        rig.set("2026-03-10T02:30:00Z")
        try rig.restart(after: .seconds(3600))
        try rig.save("0 * * * *", ["misfire": "all"])
        try rig.restart()
        #expect(try rig.ledger().isEmpty)
        try rig.save("@daily", workflow: ["triggers": []])
        #expect(refusal { _ = try rig.host.trigger(id) }?.code.rawValue == "trigger.not-found")
        rig.set("2026-03-10T06:00:00Z")
        try rig.restart(after: .seconds(3600))
        try rig.save("0 * * * *", ["misfire": "all"])
        rig.set("2026-03-10T08:00:00Z")
        try await rig.settle()
        #expect(try rig.ledger() == ["03-10T08:00 fired"])
    }

    @Test func `types that are not fired yet are kept with a warning and say so`() throws {
        let rig = try TriggerRig()
        let body: JSON = [
            "projectId": "project", "name": "w", "steps": [call("one", order: 0)],
            "triggers": [
                ["type": "event", "event": "order.*"], ["type": "webhook"], ["type": "completion"],
                ["type": "manual"],
            ],
        ]
        let saved = try rig.host.saveWorkflow(body, id: nil)
        #expect(
            saved.warnings.filter { $0.code == "workflow.trigger-not-fired" }.map(\.pointer)
                == ["/triggers/0", "/triggers/1", "/triggers/2"])
        let shown = try rig.host.triggers(project: nil, definition: saved.id.rawValue, status: "not-fired")
        #expect(shown.map { $0["type"]?.string } == ["event", "webhook", "completion"])
        let id = TriggerID(shown[0]["id"]?.string ?? "")
        #expect(
            refusal {
                _ = try rig.host.backfill(id, from: rig.time.now(), to: rig.time.now(), isDryRun: true)
            }?
            .code.rawValue == "trigger.not-active")
    }

    @Test func `a tick whose execution cannot be started says why`() async throws {
        let rig = try TriggerRig()
        let id = try rig.save("0 * * * *")
        // A version that this host cannot run, as one of a newer host may be.
        try rig.host.store.write { database in
            try database.execute(
                sql: "UPDATE definition_versions SET document = replace(document, 'api-call', 'magic')")
        }
        try rig.restart()
        rig.set("2026-03-10T01:00:00Z")
        #expect(try rig.ledger(id) == ["03-10T01:00 skipped error"])
        let detail = try rig.host.triggerLedger(LedgerFilter()).rows.first?["detail"]?.string
        #expect(detail?.contains("magic") ?? false)
    }
}
