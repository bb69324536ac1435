import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import TenonTime
import Testing

@testable import TenonRuntime

/// A host whose clock stands still until a test moves it, with one workflow that a trigger starts.
final class TriggerRig {
    let time: ManualTime
    let directory: TemporaryDirectory
    private(set) var running: EngineHost
    private let connections: [String: any InstanceConnection]
    private let effect: ActionEffect

    /// The clock starts at 2026-03-10T00:00:00Z.
    init(
        _ connections: [String: any InstanceConnection] = ["there": .noop], effect: ActionEffect = .read
    ) throws {
        self.connections = connections
        self.effect = effect
        time = ManualTime(start: Self.moment("2026-03-10T00:00:00Z"))
        directory = TemporaryDirectory()
        running = try EngineHost(connections, effect: effect, in: directory, time: time)
    }

    var host: TenonHost { running.host }

    static func moment(_ text: String) -> Timestamp {
        let parsed = RFC3339.parse(text)
        return Timestamp(microseconds: (parsed?.seconds ?? 0) * 1_000_000)
    }

    /// Saves a workflow of one step with one trigger called `t`.
    @discardableResult
    func save(_ schedule: String, _ more: JSONObject = [:], workflow: JSONObject = [:]) throws -> TriggerID {
        var trigger: JSONObject = ["id": "t", "type": "schedule", "schedule": .string(schedule)]
        for (key, value) in more { trigger[key] = value }
        var body: JSONObject = [
            "projectId": "project", "name": "w", "steps": [call("one", order: 0)],
            "triggers": [.object(trigger)],
        ]
        for (key, value) in workflow { body[key] = value }
        let saved = try host.saveWorkflow(.object(body), id: nil, options: SaveOptions(updatesByName: true))
        return TriggerID("workflow:\(saved.id):t")
    }

    /// Moves the clock and has the triggers do what is due.
    func advance(_ duration: Duration) {
        time.advance(by: duration)
        look()
    }

    func look() { _ = TriggerFiring(host: host).turn() }

    func set(_ moment: String) { advance(Self.moment(moment) - time.now()) }

    /// Ends the host as a crash would and starts another one after `pause`.
    func restart(after pause: Duration = .zero) throws {
        running.crash()
        time.advance(by: pause)
        running = try EngineHost(connections, effect: effect, in: directory, time: time)
        look()
    }

    /// In the order in which rows were stored, such as `03-10T02:00 fired`, `03-10T03:00 skipped overlap`;
    /// of several ticks with how many.
    func ledger(_ trigger: TriggerID? = nil) throws -> [String] {
        var query = LedgerQuery()
        query.trigger = trigger
        query.limit = 1000
        let triggers = host.triggerLoop.book.withLock { $0.triggers }
        let rows = try host.triggerStore.ledger(query).sorted { $0.number < $1.number }
        return rows.map { row in
            let row = row.json(triggers[row.trigger])
            let words: [String?] = [
                (row["tick"]?.string).map { String($0.dropFirst(5).prefix(11)) }, row["outcome"]?.string,
                row["reason"]?.string,
                (row["origin"]?.string).flatMap { $0 == "schedule" ? nil : "(\($0))" },
                (row["count"]?.int).flatMap { $0 == 1 ? nil : "x\($0)" },
            ]
            return words.compactMap { $0 }.joined(separator: " ")
        }
    }

    /// Waits until the executions of all triggers have ended and the loop knows.
    func settle() async throws {
        #expect(
            try await EngineHost.wait {
                let fired = try host.triggerStore.unfinishedExecutions()
                guard fired.isEmpty else { return false }
                look()
                return host.triggerLoop.book.withLock { book in
                    book.triggers.values.allSatisfy { $0.running.isEmpty && $0.queue.isEmpty }
                }
            })
    }

    var executions: [ExecutionRecord] {
        get throws { try host.executions(ExecutionFilter()).executions.reversed() }
    }
}
