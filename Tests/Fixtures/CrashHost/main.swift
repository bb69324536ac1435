// A host under load, made to be killed or watched:
//     DATA CELL PACKAGE LEDGER load|finish
//     DATA CELL PACKAGE LEDGER strict|relaxed
//     DATA CELL PIPELINE "" pipeline
//     DATA CELL "" "" triggers
import Foundation
import Logging
import TenonConnectors
import TenonJSON
import TenonModel
import TenonRuntime
import TenonWorkflow

struct CrashHost: Sendable {
    static let project = ProjectID("crash")
    let host: TenonHost

    init(_ arguments: [String]) throws {
        var logger = Logger(label: "crash-host")
        logger.logLevel = .critical
        var configuration = HostConfiguration(
            dataDirectory: arguments[1], cellPath: arguments[2], engineThreads: 2, logger: logger)
        configuration.pace.commitBytes = 1 << 18
        configuration.pace.commitTime = .milliseconds(20)
        host = try TenonHost(configuration)
        try host.start()
        if !["pipeline", "triggers"].contains(arguments[5]),
            host.deployments.instances(project: Self.project).isEmpty
        {
            try deploy(package: arguments[3], ledger: arguments[4])
        }
    }

    private func deploy(package: String, ledger: String) throws {
        _ = try host.registry.install(package: package, options: InstallOptions(allowUnsigned: true))
        let connector = try host.deployments.createConnector([
            "name": "ledger", "type": "action", "package": "ledger",
            "configuration": ["path": .string(ledger)],
        ])
        _ = try host.deployments.deploy(
            connector.id, ["projectId": .string(Self.project.rawValue), "integrationId": "ledger"])
    }

    private func step(_ name: String, _ action: String, order: Int64) -> JSON {
        [
            "name": .string(name), "type": "api-call", "order": .int(order),
            "parameters": [
                "integrationId": "ledger", "action": .string(action),
                "input": ["execution": "{{execution.id}}", "step": .string(name)],
            ],
        ]
    }

    /// The last step of a group of two settles before the next group begins.
    func workflow(_ durability: String) throws -> WorkflowID {
        let body: JSON = [
            "projectId": .string(Self.project.rawValue), "name": .string("load \(durability)"),
            "durability": .string(durability),
            "steps": [
                step("0", "put", order: 0), step("1", "put", order: 1), step("2", "append", order: 2),
                step("3", "put", order: 3), step("4a", "put", order: 4), step("4b", "put", order: 4),
                step("5", "put", order: 5),
            ],
        ]
        return try host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true)).id
    }

    /// Executes without end, a bounded number at a time, so that a restart has some of each kind to take
    /// over.
    func load() throws -> Never {
        let workflows = [try workflow("strict"), try workflow("relaxed")]
        let slots = DispatchSemaphore(value: 24)
        print("ready")
        fflush(nil)
        var count = 0
        while true {
            slots.wait()
            count += 1
            let id = try host.executeWorkflow(workflows[count % 2], context: [:])
            Task {
                _ = await host.whenFinished(id, within: .seconds(60))
                slots.signal()
            }
        }
    }

    /// Executes one workflow of a hundred steps, one after the other.
    func steps(_ durability: String) async throws {
        let body: JSON = [
            "projectId": .string(Self.project.rawValue), "name": "steps", "durability": .string(durability),
            "steps": .array((0..<100).map { step("\($0)", "put", order: Int64($0)) }),
        ]
        let id = try host.saveWorkflow(body, id: nil).id
        _ = await host.whenFinished(try host.executeWorkflow(id, context: [:]), within: .seconds(30))
        host.drain(.seconds(5))
        print("ready")
    }

    /// Executes one pipeline that is saved already, unless an execution of it was interrupted and goes on.
    func transfer(_ id: PipelineID) throws -> Never {
        var filter = ExecutionFilter()
        filter.definitionID = id.rawValue
        if try host.executions(filter).executions.isEmpty { _ = try host.executePipeline(id) }
        print("ready")
        fflush(nil)
        while true { pause() }
    }

    /// Fires twenty triggers each second.
    func fire() throws -> Never {
        let triggers = (0..<20).map { number -> JSON in
            [
                "id": .string("t\(number)"), "type": "schedule", "schedule": "@every 1s", "misfire": "all",
                "overlap": "allow",
            ]
        }
        let body: JSON = [
            "projectId": .string(Self.project.rawValue), "name": "fired", "triggers": .array(triggers),
            "steps": [
                [
                    "name": "one", "type": "data-transform",
                    "parameters": ["transformation": ["type": "map", "mapping": ["tick": "trigger.tick"]]],
                ]
            ],
        ]
        _ = try host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true))
        try saveLasting()
        try saveEphemeral()
        print("ready")
        fflush(nil)
        while true { pause() }
    }

    /// Triggers whose executions last longer than the time between two ticks: the next ones wait, are skipped or
    /// cancel what runs.
    private func saveLasting() throws {
        let triggers = ["queue", "skip", "cancel"].flatMap { overlap in
            ["all", "last"].map { misfire -> JSON in
                [
                    "id": .string("\(overlap)-\(misfire)"), "type": "schedule", "schedule": "@every 1s",
                    "misfire": .string(misfire), "overlap": .string(overlap),
                ]
            }
        }
        let body: JSON = [
            "projectId": .string(Self.project.rawValue), "name": "lasting", "triggers": .array(triggers),
            // Tries again after a while, and fails then.
            "steps": [
                [
                    "name": "one", "type": "api-call",
                    "parameters": ["integrationId": "nowhere", "action": "do"],
                    "retry": [
                        "maxAttempts": 2, "initialDelay": 1300, "jitter": 0,
                        "on": ["config", "transient"],
                    ],
                ]
            ],
        ]
        _ = try host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true))
    }

    /// Triggers of executions that record nothing on their way, and last longer than the host.
    private func saveEphemeral() throws {
        let triggers = (0..<5).map { number -> JSON in
            [
                "id": .string("e\(number)"), "type": "schedule", "schedule": "@every 1s", "misfire": "all",
                "overlap": "allow",
            ]
        }
        let body: JSON = [
            "projectId": .string(Self.project.rawValue), "name": "ephemeral", "triggers": .array(triggers),
            "durability": "ephemeral",
            "steps": [
                [
                    "name": "one", "type": "api-call",
                    "parameters": ["integrationId": "nowhere", "action": "do"],
                    "retry": [
                        "maxAttempts": 2, "initialDelay": 2500, "jitter": 0,
                        "on": ["config", "transient"],
                    ],
                ]
            ],
        ]
        _ = try host.saveWorkflow(body, id: nil, options: SaveOptions(updatesByName: true))
    }

    /// Waits until nothing runs any more.
    func finish() throws {
        for status in ["pending", "running"] {
            var filter = ExecutionFilter()
            filter.status = status
            while try !host.executions(filter).executions.isEmpty { usleep(20_000) }
        }
        host.drain(.seconds(5))
        print("ready")
    }
}

let crashHost = try CrashHost(CommandLine.arguments)
switch CommandLine.arguments[5] {
case "load": try crashHost.load()
case "strict", "relaxed": try await crashHost.steps(CommandLine.arguments[5])
case "triggers": try crashHost.fire()
case "pipeline": try crashHost.transfer(PipelineID(CommandLine.arguments[3]))
default: try crashHost.finish()
}
