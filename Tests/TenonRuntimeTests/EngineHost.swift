import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonRuntime

/// A host in a temporary directory whose calls go to connections in this process.
final class EngineHost {
    let directory: TemporaryDirectory
    let host: TenonHost

    init(
        _ connections: [String: any InstanceConnection], effect: ActionEffect = .read, threads: Int = 2,
        in directory: TemporaryDirectory = TemporaryDirectory(), pace: PipelinePace = .quick,
        generation: Int = 1, startsNothing: Bool = false, action: ActionDescription? = nil,
        time: any TimeSource = SystemTime(), onTarget: @escaping @Sendable () -> Void = {}
    ) throws {
        self.directory = directory
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        var configuration = HostConfiguration(
            dataDirectory: directory.file("data"), cellPath: "/nonexistent", engineThreads: threads,
            time: time, logger: logger)
        configuration.pace = pace
        host = try TenonHost(
            configuration,
            directory: InProcessDirectory(
                connections: connections, effect: effect, generation: generation, action: action,
                onTarget: onTarget))
        if !startsNothing { try host.start() }
    }

    /// Ends the host as a crash would: nothing is finished or handed over.
    func crash() {
        host.triggerLoop.stop()
        host.engine.stop()
        host.journal.abandon()
        try? host.store.close()
    }

    deinit { host.drain(.zero) }

    func save(_ steps: [JSON], durability: String = "strict", name: String = "test") throws -> WorkflowID {
        let body: JSON = [
            "projectId": "project", "name": .string(name), "steps": .array(steps),
            "durability": .string(durability),
        ]
        return try host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true)).id
    }

    /// Executes and waits until it is finished.
    func run(_ steps: [JSON], durability: String = "strict") async throws -> ExecutionRecord {
        let id = try host.executeWorkflow(save(steps, durability: durability), context: [:])
        #expect(await host.whenFinished(id, within: .seconds(20)))
        return try host.execution(id)
    }

    /// Waits until `condition` holds, at most half a minute.
    static func wait(until condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<3000 {
            if try condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

extension PipelinePace {
    /// Commits often, and does not wait long after failures.
    static var quick: PipelinePace {
        var pace = PipelinePace()
        pace.commitBytes = 100_000
        pace.firstRetry = .milliseconds(2)
        return pace
    }
}

/// An `api-call` step to the integration `there`.
func call(_ name: String, order: Int, _ more: JSONObject = [:]) -> JSON {
    var step: JSONObject = [
        "name": .string(name), "type": "api-call", "order": .int(Int64(order)),
        "parameters": ["integrationId": "there", "action": "do", "input": ["step": .string(name)]],
    ]
    for (key, value) in more { step[key] = value }
    return .object(step)
}
