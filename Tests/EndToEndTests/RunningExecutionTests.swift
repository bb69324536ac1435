import Foundation
import Glibc
import TenonAPI
import TenonClient
import TenonJSON
import TenonTestKit
import Testing

/// What happens to an execution while it runs: it is watched, cancelled, or its host is told to end.
struct RunningExecutionTests {
    private static func start(_ host: ServedHost, sleepMilliseconds: Int) async throws -> String {
        try await host.deploy(fixture: "misbehave", as: "sleeper")
        let file = host.directory.file("sleep.yaml")
        try """
        projectId: project-123
        name: Sleep
        integrationIds: [sleeper]
        steps:
          - {name: Sleep, type: api-call, order: 0,
             parameters: {integrationId: sleeper, action: sleep, input: {ms: \(sleepMilliseconds)}}}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await host.run(["workflow", "apply", "-f", file]).exitCode == 0)
        let run = try await host.run([
            "workflow", "run", "Sleep", "--project", "project-123", "--detach", "--json",
        ])
        let execution = try JSONParser.parse(run.output)["execution"]
        #expect(execution?["status"] == "running", "\(run.errors)")
        return try #require(execution?["id"]?.string)
    }

    @Test func `SIGTERM lets a running execution end before the host ends with 0`() async throws {
        let host = try ServedHost()
        let id = try await Self.start(host, sleepMilliseconds: 1500)
        host.send(signal: SIGTERM)
        var refused = try await RawRequest(path: "/health/ready").send(to: host)
        while refused.status == 200 {
            try await Task.sleep(for: .milliseconds(10))
            refused = try await RawRequest(path: "/health/ready").send(to: host)
        }
        #expect(refused.status == 503)
        let late = try await host.run(["workflow", "run", "Sleep", "--project", "project-123"])
        #expect(late.exitCode == 1)
        #expect(late.errors.contains("code:  host.draining"), "\(late.errors)")
        #expect(await host.stop() == 0)

        let next = try ServedHost(directory: host.directory)
        let shown = try await next.run(["execution", "show", id, "--json"])
        let execution = try JSONParser.parse(shown.output)["execution"]
        #expect(execution?["status"] == "completed", "\(shown.output)")
        #expect(execution?["steps"]?[0]?["attempts"] == 1)
    }

    @Test func `a running execution is watched to its end, and cancelled once`() async throws {
        let host = try ServedHost()
        let id = try await Self.start(host, sleepMilliseconds: 60_000)
        let arguments = ["execution", "watch", id, "--data", host.data]
        async let watch = tenon(arguments)
        let cancel = try await host.run(["execution", "cancel", id])
        #expect(cancel.exitCode == 0, "\(cancel.errors)")
        let watched = try await watch
        #expect(watched.exitCode == 1)
        #expect(watched.output.contains("cancelled  \(id)"), "\(watched.output)")
        let again = try await host.run(["execution", "cancel", id])
        #expect(again.exitCode == 4)
        #expect(again.errors.contains("code:  execution.finished"), "\(again.errors)")
        #expect(await host.stop() == 0)
    }

    @Test func `a workflow's events tell its steps, and its end also while the host ends`() async throws {
        let host = try ServedHost()
        let id = try await Self.start(host, sleepMilliseconds: 60_000)
        var events = try await host.client.events(of: id)
        guard case .progress(let progress) = try await events.next() else {
            Issue.record("the first event is no progress")
            return
        }
        #expect(progress.steps.map { $0["name"] } == ["Sleep"])
        #expect(progress.steps[0]["status"] == "running" && progress.steps[0]["output"] == nil)
        host.send(signal: SIGTERM)
        while try await RawRequest(path: "/health/ready").send(to: host).status == 200 {
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = try await host.client.cancel(id)
        var last: ExecutionEvent?
        while let event = try await events.next() { last = event }
        guard case .finished(let execution) = last else {
            Issue.record("the last event is no end: \(String(describing: last))")
            return
        }
        #expect(execution.status == "cancelled")
        #expect(await host.stop() == 0)
    }
}
