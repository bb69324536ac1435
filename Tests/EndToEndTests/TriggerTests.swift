import Foundation
import TenonAPI
import TenonClient
import TenonJSON
import TenonTestKit
import Testing

/// Triggers from the command line and over REST, with a host that fires them.
struct TriggerTests {
    private static func workflow(_ name: String, _ trigger: JSON) -> JSON {
        [
            "projectId": "project-123", "name": .string(name), "triggers": [trigger],
            "steps": [
                [
                    "name": "Note", "type": "data-transform", "order": 0,
                    "parameters": ["transformation": ["type": "map", "mapping": ["tick": "trigger.tick"]]],
                ]
            ],
        ]
    }
    private static let nightly: JSON = [
        "type": "schedule", "schedule": "0 2 * * *", "timezone": "Europe/Berlin",
    ]

    /// Saves a definition; answers it with its warnings.
    @discardableResult
    private static func apply(
        _ definition: JSON, kind: String = "workflow", on host: ServedHost
    ) async throws -> JSON {
        let file = host.directory.file("definition.json")
        try Data(definition.text.utf8).write(to: URL(filePath: file))
        let apply = try await host.run([kind, "apply", "-f", file, "--json"])
        try #require(apply.exitCode == 0, "\(apply.errors)")
        return try #require(try JSONParser.parse(apply.output)[kind + "s"]?[0])
    }

    private static func json(_ arguments: [String], on host: ServedHost) async throws -> JSON {
        let ended = try await host.run(arguments + ["--json"])
        try #require(ended.exitCode == 0, "\(ended.errors)")
        return try JSONParser.parse(ended.output)
    }

    private static let named = ["Nightly", "--project", "project-123"]

    @Test func `each trigger shows its next five ticks in its own zone`() async throws {
        let host = try ServedHost()
        let saved = try await Self.apply(Self.workflow("Nightly", Self.nightly), on: host)
        let pipeline: JSON = [
            "projectId": "project-123", "name": "Hourly", "sourceIntegrationId": "a",
            "targetIntegrationId": "b", "schedule": "@hourly",
            "stages": [
                ["name": "Extract", "type": "extract", "order": 0, "transformations": []],
                ["name": "Load", "type": "load", "order": 1, "transformations": []],
            ],
        ]
        let savedPipeline = try await Self.apply(pipeline, kind: "pipeline", on: host)
        let all = try await Self.json(["trigger", "list", "--project", "project-123"], on: host)
        #expect(all["triggers"]?.array?.count == 2)
        try await Self.look(at: saved, tick: #/T02:00:00\+0[12]:00/#, on: host)
        try await Self.look(at: savedPipeline, tick: #/:00:00Z/#, on: host)
        let shown = try await host.run(["workflow", "show"] + Self.named)
        let next = saved["schedules"]?[0]?["nextTicks"]?[0]?.string ?? "none"
        #expect(shown.output.contains(next), "\(shown.output)")
        let again = host.directory.file("definition.json")
        let unchanged = try await host.run(["pipeline", "apply", "-f", again])
        #expect(unchanged.output.contains("unchanged"), "\(unchanged.output)")
        #expect(await host.stop() == 0)
    }

    /// The one trigger of a definition: each place that shows it has the same five ticks, which look like
    /// `tick`.
    private static func look(at definition: JSON, tick: Regex<Substring>, on host: ServedHost) async throws {
        let id = try #require(definition["id"]?.string)
        let list = try await json(["trigger", "list", "--definition", id], on: host)
        let trigger = try #require(list["triggers"]?[0])
        #expect(trigger["definitionName"] == definition["name"])
        #expect(trigger["status"] == "active")
        let ticks = (trigger["nextTicks"]?.array ?? []).compactMap(\.string)
        #expect(ticks.count == 5 && Set(ticks).count == 5 && ticks == ticks.sorted(), "\(ticks)")
        for text in ticks { #expect(text.contains(tick), "\(text)") }
        let answered = definition["schedules"]?[0]
        #expect(answered?["triggerId"] == trigger["id"] && answered?["nextTicks"] == trigger["nextTicks"])
        for verb in [["list", "--project", "project-123"], ["show", trigger["id"]?.string ?? ""]] {
            let text = try await host.run(["trigger"] + verb).output
            for tick in ticks { #expect(text.contains(tick), "\(text)") }
        }
    }

    @Test func `a schedule fires, each tick once, and its ledger names the executions`() async throws {
        let host = try ServedHost()
        let everySecond: JSON = ["type": "schedule", "schedule": "* * * * * *", "overlap": "allow"]
        try await Self.apply(Self.workflow("Nightly", everySecond), on: host)
        var fired: [JSON] = []
        for _ in 0..<300 where fired.count < 3 {
            let ledger = try await host.client.triggerLedger([("outcome", "fired")], limit: 500)
            fired = ledger.items
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(fired.count >= 3)
        #expect(Set(fired.compactMap { $0["tick"]?.string }).count == fired.count)
        let id = try #require(fired.last?["executionId"]?.string)
        let shown = try await Self.json(["execution", "show", id], on: host)
        let tick = shown["execution"]?["steps"]?[0]?["output"]?["tick"]?.string ?? ""
        #expect(fired.last?["tick"]?.string?.prefix(19) == tick.prefix(19), "\(shown.text)")
        let text = try await host.run(["trigger", "ledger"] + Self.named).output
        #expect(text.contains(id) && text.contains("fired"), "\(text)")
        #expect(try await host.run(["trigger", "pause"] + Self.named).output.contains("paused"))
        let row = try await Self.json(["trigger", "show"] + Self.named, on: host)
        #expect(row["trigger"]?["status"] == "paused")
        #expect(try await host.run(["trigger", "resume"] + Self.named).output.contains("active"))
        #expect(await host.stop() == 0)
    }

    @Test func `a backfill fires what is missing in a range, and only once`() async throws {
        let host = try ServedHost()
        try await Self.apply(Self.workflow("Nightly", Self.nightly), on: host)
        // The clocks of the zone are set forward on 30 March, over the time of the tick.
        let range = ["--from", "2025-03-28", "--to", "2025-04-01"]
        let backfill = ["trigger", "backfill"] + Self.named + range
        let dry = try await Self.json(backfill + ["--dry-run"], on: host)["backfill"]
        #expect(dry?["due"] == 5 && dry?["started"] == 5 && dry?["alreadyDone"] == 0, "\(dry?.text ?? "")")
        let nothing = try await host.run(["trigger", "ledger", "--json"])
        #expect(try JSONParser.parse(nothing.output)["ledger"] == [])
        let first = try await host.run(backfill)
        #expect(first.exitCode == 0 && first.output.contains("5 started"), "\(first.output)\(first.errors)")
        let second = try await Self.json(backfill, on: host)["backfill"]
        #expect(second?["started"] == 0 && second?["alreadyDone"] == 5, "\(second?.text ?? "")")
        let filter = ["trigger", "ledger"] + Self.named + range
        var rows: [JSON] = []
        // They run one after the other.
        for _ in 0..<300 where rows.count < 5 {
            rows = try await Self.json(filter, on: host)["ledger"]?.array ?? []
        }
        #expect(rows.count == 5 && rows.allSatisfy { $0["origin"] == "backfill" }, "\(rows)")
        #expect(Set(rows.compactMap { $0["executionId"]?.string }).count == 5)
        #expect(await host.stop() == 0)
    }

    @Test func `what a trigger cannot be or do is refused with its place`() async throws {
        let host = try ServedHost()
        try await Self.apply(Self.workflow("Nightly", Self.nightly), on: host)
        var wrong = Self.nightly.object ?? JSONObject()
        wrong["schedule"] = "61 2 30 2 *"
        wrong["timezone"] = "Europe/Berlln"
        let file = host.directory.file("wrong.json")
        try Data(Self.workflow("Wrong", .object(wrong)).text.utf8).write(to: URL(filePath: file))
        let apply = try await host.run(["workflow", "apply", "-f", file])
        #expect(apply.exitCode == 4)
        for part in ["/triggers/0/schedule", "/triggers/0/timezone", "Did you mean \"Europe/Berlin\"?"] {
            #expect(apply.errors.contains(part), "\(apply.errors)")
        }
        for verb in ["show", "pause", "resume", "ledger"] {
            #expect(try await host.run(["trigger", verb, "nothing"]).exitCode == 3, "\(verb)")
            let unknown = try await host.run(["trigger", verb, "nothing", "--project", "project-123"])
            #expect(unknown.exitCode == 3, "\(verb)")
        }
        let refused: [(arguments: [String], text: String)] = [
            (["backfill"] + Self.named + ["--from", "yesterday", "--to", "2025-04-01"], "/from"),
            (["backfill"] + Self.named + ["--from", "2025-04-02", "--to", "2025-04-01"], "/to"),
            (["ledger", "--from", "2025-02-30"], "from"),
            (["ledger", "--from", "2025-04-02", "--to", "2025-04-01"], "not before"),
            (["ledger", "--outcome", "done"], "fired, skipped"),
            (["list", "--status", "running"], "active, paused"), (["ledger", "--limit", "0"], "limit"),
        ]
        for (arguments, text) in refused {
            let ended = try await host.run(["trigger"] + arguments)
            #expect(ended.exitCode == 4 && ended.errors.contains(text), "\(arguments): \(ended.errors)")
        }
        #expect(try await Self.json(["trigger", "ledger"], on: host)["ledger"] == [])
    }
}
