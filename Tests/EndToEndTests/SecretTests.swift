import Foundation
import NIOHTTP1
import TenonAPI
import TenonJSON
import TenonTestKit
import Testing

struct SecretTests {
    private static let set = ["secret", "set", "erp_password", "--project", "project-123"]

    @Test func `a secret comes from a pipe or a file, is listed without its value, and is removed`()
        async throws
    {
        let host = try ServedHost()
        let piped = try await host.run(Self.set, input: "hunter2-first\r\n")
        #expect(piped.exitCode == 0, "\(piped.errors)")
        #expect(piped.output == "set erp_password in project-123\n")
        let dash = try await host.run(Self.set + ["--from-file", "-"], input: "\n")
        #expect(dash.exitCode == 4, "an empty line is no value")
        let file = host.directory.file("value")
        try Data("hunter2-second".utf8).write(to: URL(filePath: file))
        let replaced = try await host.run(Self.set + ["--from-file", file, "--json"])
        #expect(try JSONParser.parse(replaced.output)["secret"]?["name"] == "erp_password")

        let list = try await host.run(["secret", "list", "--project", "project-123"])
        #expect(list.exitCode == 0 && list.output.contains("erp_password"), "\(list.errors)")
        let over = try await RawRequest(path: Endpoint.listSecrets.path(id: "project-123")).send(to: host)
        #expect(over.json["secrets"]?.array?.count == 1)
        #expect(try await host.run(["secret", "list", "--project", "other", "--json"]).output.contains("[]"))
        for text in [piped, replaced, list].map({ $0.output + $0.errors }) + [over.json.text] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        let remove = ["secret", "remove", "erp_password", "--project", "project-123"]
        #expect(try await host.run(remove).exitCode == 0)
        #expect(try await host.run(remove).exitCode == 3)
        #expect(await host.stop() == 0)
        #expect(try Self.files(in: host.data, that: "hunter2").isEmpty)
    }

    @Test(arguments: [[], ["--from-file", "-"]])
    func `a terminal is asked for the value and does not show it`(options: [String]) async throws {
        let host = try ServedHost()
        let command = FollowedCommand(onTerminal: Self.set + options + ["--data", host.data], [:])
        let ended = try await command.run(until: { $0.contains("Value of erp_password: ") }) { _ in
            try command.type("hunter2-typed\n")
        }
        #expect(ended.output.contains("set erp_password in project-123"), "\(ended.output)")
        #expect(!ended.output.contains("hunter2"), "\(ended.output)")
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal ends the question and gives the terminal its echo back`(signal: Int32) async throws {
        // Nothing is sent, so no host is needed.
        let script = """
            import os, pty, signal, subprocess, sys, termios
            terminal, end = pty.openpty()
            def shows(): return bool(termios.tcgetattr(end)[3] & termios.ECHO)
            before = shows()
            asked = subprocess.Popen(sys.argv[2:], stdin=end, stdout=end, stderr=end)
            while b"Value of" not in os.read(terminal, 1024): pass
            hidden = not shows()
            asked.send_signal(int(sys.argv[1]))
            print(before, hidden, asked.wait() == -int(sys.argv[1]), shows())
            """
        let command = FollowedCommand(
            program: "/usr/bin/env",
            ["python3", "-c", script, "\(signal)", Products.tenon] + Self.set)
        let ended = try await command.run(until: { _ in false }, then: { _ in })
        #expect(ended.output == "True True True True\n")
    }

    @Test func `a signal that is ignored stays so while the question is asked`() async throws {
        let script = """
            import os, pty, signal, subprocess, sys
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            terminal, end = pty.openpty()
            asked = subprocess.Popen(sys.argv[1:], stdin=end, stdout=end, stderr=end)
            while b"Value of" not in os.read(terminal, 1024): pass
            asked.send_signal(signal.SIGHUP)
            os.write(terminal, b"\\x03")
            print(asked.wait())
            """
        let command = FollowedCommand(
            program: "/usr/bin/env", ["python3", "-c", script, Products.tenon] + Self.set)
        let ended = try await command.run(until: { _ in false }, then: { _ in })
        #expect(ended.output == "130\n")
    }

    @Test func `what cannot be a secret is refused, and no message repeats it`() async throws {
        let host = try ServedHost()
        let argument = try await host.run(Self.set + ["hunter2-argument"])
        #expect(argument.exitCode == 2)
        #expect(argument.errors.contains("no argument"))
        let name = try await host.run(
            ["secret", "set", "erp password", "--project", "p", "--json"], input: "hunter2-value")
        #expect(name.exitCode == 4)
        #expect(try JSONParser.parse(name.output)["code"] == "secret.name-invalid")
        let short = try await host.run(Self.set + ["--json"], input: "")
        #expect(short.exitCode == 4)
        #expect(try JSONParser.parse(short.output)["code"] == "secret.value-invalid")
        let long = try await host.run(Self.set, input: String(repeating: "hunter2-", count: 150_000))
        #expect(long.exitCode == 2, "\(long.errors)")
        #expect(try await host.run(Self.set + ["--from-file", "/nothing"]).exitCode == 3)
        let file = host.directory.file("bytes")
        try Data([0x68, 0xFF, 0x80, 0x68]).write(to: URL(filePath: file))
        #expect(try await host.run(Self.set + ["--from-file", file]).exitCode == 2)
        for ended in [argument, name, short, long] {
            #expect(!(ended.output + ended.errors).contains("hunter2"), "\(ended.errors)")
        }
        let twice = try await RawRequest(
            method: "PUT", path: Endpoint.setSecret.path(id: "p", name: "a"),
            body: #"{"value": "hunter2-one", "value": "hunter2-two"}"#
        ).send(to: host)
        #expect(twice.code == "request.malformed-json")
        #expect(!twice.json.text.contains("hunter2"))
        #expect(try await host.run(["secret", "list", "--project", "p", "--json"]).output.contains("[]"))
    }

    @Test func `a connector gets a secret, and nothing that is recorded or answered has it`() async throws {
        let host = try ServedHost()
        let database = host.directory.file("erp.db")
        try await sqlite3(database, "CREATE TABLE given(value TEXT)")
        try await host.deploy("sqlite", as: "erp", ["path=\(database)"])
        #expect(try await host.run(Self.set, input: "hunter2-value\n").exitCode == 0)
        let input: JSON = [
            "sql": "INSERT INTO given VALUES (?1) RETURNING value", "params": ["{{secret.erp_password}}"],
        ]
        let file = host.directory.file("workflow.json")
        let workflow: JSON = [
            "projectId": "project-123", "name": "Give", "integrationIds": ["erp"],
            "steps": [
                [
                    "name": "Give", "type": "api-call", "order": 0,
                    "parameters": ["integrationId": "erp", "action": "execute", "input": input],
                ]
            ],
        ]
        try Data(workflow.text.utf8).write(to: URL(filePath: file))
        let apply = try await host.run(["workflow", "apply", "-f", file])
        #expect(apply.exitCode == 0 && !apply.output.contains("warning"), "\(apply.output)\(apply.errors)")
        let run = try await host.run(["workflow", "run", "Give", "--project", "project-123", "--json"])
        #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
        let id = try JSONParser.parse(run.output)["execution"]?["id"]?.string ?? ""
        let show = try await host.run(["execution", "show", id, "--json"])
        for ended in [apply, run, show] { #expect(!(ended.output + ended.errors).contains("hunter2")) }
        #expect(await host.stop() == 0)
        #expect(try Self.files(in: host.data, that: "hunter2").isEmpty)
        let given = try Data(contentsOf: URL(filePath: database))
        #expect(given.range(of: Data("hunter2-value".utf8)) != nil)
    }

    /// The files below a folder that hold `text`.
    private static func files(in folder: String, that text: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            FileManager.default.contents(atPath: folder + "/" + name)?.range(of: Data(text.utf8)) != nil
        }
    }
}
