import Foundation
import Glibc
import TenonAPI
import TenonClient
import TenonJSON
import TenonTestKit
import Testing

/// What a person and a program see of an execution while it runs.
struct ProgressTests {
    /// A host with a pipeline "Count" that takes far longer than any test, from `rows` rows on.
    private static func host(rows: Int = 2_000_000_000, load: String = "Load") async throws -> ServedHost {
        let host = try ServedHost()
        let target = host.directory.file("target.db")
        try await host.deploy(fixture: "counter", as: "numbers", ["rows=\(rows)"])
        try await host.deploy("sqlite", as: "database", ["path=\(target)", "createIfMissing=true"])
        let file = host.directory.file("count.yaml")
        try """
        projectId: project-123
        name: Count
        sourceIntegrationId: numbers
        targetIntegrationId: database
        stages:
          - {name: Extract, type: extract, order: 0, transformations: [], parameters: {stream: numbers}}
          - {name: \(load), type: load, order: 1, transformations: [],
             parameters: {stream: arrived, createIfMissing: true}}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let apply = try await host.run(["pipeline", "apply", "-f", file])
        #expect(apply.exitCode == 0, "\(apply.errors)")
        return host
    }

    /// What a line begins with that takes the place of the one before.
    private static let rewrite = "\r\u{1B}[K"

    /// The different numbers of records that finished lines tell.
    private static func counts(in lines: [String]) -> Set<String> {
        Set(
            lines.dropLast().compactMap { line in
                line.firstMatch(of: /([0-9.]+( [kMG])?) records/).map { String($0.1) }
            })
    }

    private static let count = ["pipeline", "run", "Count", "--project", "project-123"]

    private static func runningID(_ host: ServedHost) async throws -> String {
        let run = try await host.run(count + ["--detach", "--json"])
        return try #require(try JSONParser.parse(run.output)["execution"]?["id"]?.string, "\(run.errors)")
    }

    @Test func `events tell a pipeline's counts as they grow, and its end`() async throws {
        let host = try await Self.host()
        let id = try await Self.runningID(host)
        var events = try await host.client.events(of: id)
        var counts: [Int64] = []
        while counts.count < 3, case .progress(let progress) = try await events.next() {
            #expect(progress.status == "running")
            #expect(progress.stages.map(\.name) == ["Extract", "Load"])
            counts.append(progress.recordsProcessed ?? -1)
        }
        #expect(counts == counts.sorted() && counts.count == 3 && counts[2] > counts[0], "\(counts)")
        _ = try await host.client.cancel(id)
        var last: ExecutionBody?
        while let event = try await events.next() {
            if case .finished(let execution) = event { last = execution }
        }
        #expect(last?.status == "cancelled")
        #expect(await host.stop() == 0)
    }

    @Test func `without a terminal run prints lines, and its end`() async throws {
        let host = try await Self.host()
        let run = FollowedCommand(Self.count + ["--progress", "lines", "--data", host.data])
        var id = ""
        let ended = try await run.run(
            until: { Self.counts(in: $0.components(separatedBy: "\n")).count > 1 },
            then: { _ in
                let running = try await host.client.executions([("status", "running")], limit: 1)
                id = try #require(running.items.first?["id"]?.string)
                _ = try await host.client.cancel(id)
            })
        #expect(ended.exitCode == 1)
        let lines = ended.output.split(separator: "\n")
        #expect(lines.count { $0.contains(" records") && $0.contains("Extract ") } >= 2, "\(ended.output)")
        #expect(!id.isEmpty && lines.last?.hasPrefix("cancelled  \(id)") == true, "\(ended.output)")
        #expect(!ended.output.contains("\u{1B}"), "colours and cursors are for terminals")
    }

    @Test func `a short run prints its end only, quiet nothing, JSON the API's body`() async throws {
        let host = try await Self.host(rows: 1000)
        let plain = try await host.run(Self.count)
        #expect(plain.exitCode == 0, "\(plain.errors)")
        #expect(plain.output.split(separator: "\n").count == 1 && plain.output.contains(", 1,000 records"))
        let quiet = try await host.run(Self.count + ["--quiet"])
        #expect(quiet.exitCode == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
        let detached = try await host.run(Self.count + ["--quiet", "--detach"])
        #expect(detached.exitCode == 0 && detached.output.isEmpty)
        for arguments in [["--quiet", "--json"], ["--quiet", "--json", "--detach"]] {
            let both = try await host.run(Self.count + arguments)
            #expect(try JSONParser.parse(both.output)["execution"]?["id"] != nil, "\(arguments)")
        }
        let json = try await host.run(Self.count + ["--json"])
        #expect(try JSONParser.parse(json.output)["execution"]?["recordsProcessed"] == 1000)
        let id = try JSONParser.parse(json.output)["execution"]?["id"]?.string ?? ""
        let watch = try await host.run(["execution", "watch", id])
        #expect(watch.exitCode == 0 && watch.output.hasPrefix("completed  \(id)"), "\(watch.output)")
        #expect(try await host.run(Self.count + ["--progress", "loud"]).exitCode == 2)
    }

    @Test(arguments: [[:], ["NO_COLOR": "1"]])
    func `on a terminal one line is rewritten, coloured unless NO_COLOR is set`(
        variables: [String: String]
    ) async throws {
        // Two columns a character: the line must not go on in a second one.
        let host = try await Self.host(load: String(repeating: "表", count: 30))
        let id = try await Self.runningID(host)
        let watch = FollowedCommand(
            onTerminal: ["execution", "watch", id, "--data", host.data], variables)
        let shown = try await watch.run(
            until: { Self.counts(in: $0.components(separatedBy: Self.rewrite)).count > 3 },
            then: { _ in _ = try await host.client.cancel(id) }
        ).output
        let lines = shown.components(separatedBy: Self.rewrite)
        #expect(Self.counts(in: lines).count > 3, "\(shown)")
        #expect(lines.contains { $0.contains("Extract ") && $0.contains("表") }, "\(shown)")
        for line in lines.dropLast() where line.contains(" records") {
            #expect(line.reduce(0) { $0 + ($1 == "表" ? 2 : 1) } < 80, "\(line)")
        }
        #expect(shown.contains("\u{1B}[31mcancelled") == variables.isEmpty, "\(shown)")
        #expect(shown.contains("cancelled\u{1B}[0m  \(id)") || shown.contains("cancelled  \(id)"))
    }

    @Test func `Ctrl-C leaves the execution running and says how to go on`() async throws {
        let host = try await Self.host()
        let run = FollowedCommand(Self.count + ["--progress", "lines", "--data", host.data])
        let ended = try await run.run(
            until: { $0.contains("records") }, then: { kill($0, SIGINT) })
        let told = await FollowedCommand.read(run.errors.fileHandleForReading) { $0.readDataToEndOfFile() }
        let text = String(decoding: told, as: UTF8.self)
        #expect(ended.exitCode == 130)
        let page = try await host.client.executions([], limit: 1)
        let id = try #require(page.items.first?["id"]?.string)
        #expect(text.contains("tenon execution watch \(id)") && text.contains("execution cancel \(id)"))
        #expect(try await host.client.execution(id).status == "running")
        _ = try await host.client.cancel(id)
        #expect(await host.stop() == 0)
    }

    @Test func `an execution that is not there is told at once`() async throws {
        let host = try ServedHost()
        #expect(try await host.run(["execution", "watch", "nothing"]).exitCode == 3)
        let answer = try await RawRequest(path: Endpoint.followExecution.path(id: "nothing")).send(to: host)
        #expect(answer.status == 404 && answer.code == "execution.not-found")
        let unauthorized = try await RawRequest(path: Endpoint.followExecution.path(id: "nothing"))
            .send(to: host, token: "")
        #expect(unauthorized.status == 401)
    }
}
