import CFloors
import Foundation
import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonRuntime
import TenonWorkflow

/// Durable steps per second of whole executions, beside the disk and beside DBOS.
struct StepBenchmarks {
    let cell: String
    let package: String
    let directory: String
    private static let project = "bench"

    func run() throws {
        let host = try startHost()
        defer { host.drain(.seconds(5)) }
        let floor = floor_single_commits(directory, 1, 2)
        Figure(name: "disk.single-commits", value: floor, unit: "commits/s").print()
        let sequence = try Peers.dbosStepsPerSecond(job: "seq", count: 1000, in: directory)
        let fan = try Peers.dbosStepsPerSecond(job: "fan", count: 1000, in: directory)
        let chain = try workflow(host, steps: 1000)
        let short = try workflow(host, steps: 5)

        let strictChain = try rate(host, chain, executions: 1, stepsEach: 1000, .strict)
        Figure(
            name: "steps.strict.1x1000", value: strictChain, unit: "steps/s",
            beside: ("disk.single-commits", floor),
            goal: (">= 0.5x", strictChain >= floor / 2), notes: Self.peer(strictChain, sequence)
        ).print()
        let strictFan = try rate(host, short, executions: 1000, stepsEach: 5, .strict)
        Figure(
            name: "steps.strict.1000x5", value: strictFan, unit: "steps/s",
            beside: fan.map { ("dbos-sqlite", $0) },
            goal: (">= 10,000/s and >= 50x", strictFan >= 10_000 && strictFan >= 50 * (fan ?? 0))
        ).print()
        let relaxedChain = try rate(host, chain, executions: 1, stepsEach: 1000, .relaxed)
        Figure(
            name: "steps.relaxed.1x1000", value: relaxedChain, unit: "steps/s",
            beside: sequence.map { ("dbos-sqlite", $0) },
            goal: (">= 50x", relaxedChain >= 50 * (sequence ?? 0))
        ).print()
        let relaxedFan = try rate(host, short, executions: 1000, stepsEach: 5, .relaxed)
        Figure(
            name: "steps.relaxed.1000x5", value: relaxedFan, unit: "steps/s",
            beside: fan.map { ("dbos-sqlite", $0) }
        ).print()
    }

    private static func peer(_ value: Double, _ dbos: Double?) -> [String: JSON] {
        dbos.map { ["dbos-sqlite": .double($0), "ratioToDbos": .double((value / $0).rounded())] } ?? [:]
    }

    private func startHost() throws -> TenonHost {
        let host = try TenonHost(
            HostConfiguration(
                dataDirectory: directory + "/data", cellPath: cell, engineThreads: 2,
                logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }))
        try host.start()
        _ = try host.registry.install(
            package: package, options: InstallOptions(allowUnsigned: true, inHost: true, actor: "bench"))
        let connector = try host.deployments.createConnector([
            "name": "counter", "type": "bidirectional", "package": "counter", "configuration": [:],
        ])
        _ = try host.deployments.deploy(
            connector.id,
            [
                "projectId": .string(Self.project), "integrationId": "noop", "configuration": [:],
                "isolation": "host",
            ])
        return host
    }

    /// A sequence of steps that do nothing, each through the in-host connector.
    private func workflow(_ host: TenonHost, steps: Int) throws -> WorkflowID {
        let list = (0..<steps).map { index -> JSON in
            [
                "name": .string("Step \(index)"), "type": "api-call", "order": .int(Int64(index)),
                "parameters": ["integrationId": "noop", "action": "noop", "input": .int(Int64(index))],
            ]
        }
        let body: JSON = [
            "projectId": .string(Self.project), "name": .string("\(steps) steps"), "steps": .array(list),
            "integrationIds": ["noop"],
        ]
        let record = try host.saveWorkflow(body, id: nil)
        return record.id
    }

    /// The median of three rounds, from the first request to the last recorded end.
    private func rate(
        _ host: TenonHost, _ workflow: WorkflowID, executions: Int, stepsEach: Int, _ durability: Durability
    ) throws -> Double {
        _ = try seconds(host, workflow, min(executions, 20), durability)
        let rounds = try (0..<3).map { _ in
            Double(executions * stepsEach) / (try seconds(host, workflow, executions, durability))
        }
        return median(rounds)
    }

    private func seconds(
        _ host: TenonHost, _ workflow: WorkflowID, _ executions: Int, _ durability: Durability
    )
        throws -> Double
    {
        let start = SystemTime().monotonicNanoseconds()
        let starters = min(16, executions)
        let ids = Collected<ExecutionID>()
        DispatchQueue.concurrentPerform(iterations: starters) { starter in
            for _ in stride(from: starter, to: executions, by: starters) {
                do {
                    ids.append(
                        try host.executeWorkflow(
                            workflow, context: [:], options: ExecuteOptions(durability: durability)))
                } catch {
                    fatalError("an execution did not start: \(error)")
                }
            }
        }
        for id in ids.values { Self.wait(host, id) }
        let elapsed = Double(SystemTime().monotonicNanoseconds() - start) / 1e9
        for id in ids.values.prefix(10) {
            let status = try host.execution(id).status
            guard "\(status)" == "completed" else { fatalError("an execution ended \(status)") }
        }
        return elapsed
    }

    private static func wait(_ host: TenonHost, _ id: ExecutionID) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            _ = await host.whenFinished(id, within: .seconds(120))
            done.signal()
        }
        done.wait()
    }
}

/// A list that several threads add to.
final class Collected<Element: Sendable>: @unchecked Sendable {
    // Invariant: `elements` is only touched while `lock` is held.
    private let lock = NSLock()
    private var elements: [Element] = []
    func append(_ element: Element) { lock.withLock { elements.append(element) } }
    var values: [Element] { lock.withLock { elements } }
}
