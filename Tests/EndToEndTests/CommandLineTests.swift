import Foundation
import TenonJSON
import TenonTestKit
import Testing

struct CommandLineTests {
    static let verbs: [[String]] = [
        ["serve"], ["demo"], ["deploy"],
        ["connector", "install"], ["connector", "list"], ["connector", "show"], ["connector", "inspect"],
        ["connector", "run"], ["connector", "pack"], ["connector", "remove"],
        ["instance", "list"], ["instance", "show"], ["instance", "check"],
        ["workflow", "apply"], ["workflow", "list"], ["workflow", "show"], ["workflow", "run"],
        ["pipeline", "apply"], ["pipeline", "list"], ["pipeline", "show"], ["pipeline", "run"],
        ["pipeline", "explain"],
        ["execution", "list"], ["execution", "show"], ["execution", "watch"], ["execution", "cancel"],
        ["trigger", "list"], ["trigger", "show"], ["trigger", "ledger"], ["trigger", "pause"],
        ["trigger", "resume"], ["trigger", "backfill"],
        ["secret", "set"], ["secret", "list"], ["secret", "remove"],
        ["expression", "eval"], ["schedule", "next"], ["schema", "check"], ["sdk", "export"],
    ]

    @Test(arguments: verbs)
    func `every verb has help with an example`(verb: [String]) async throws {
        let ended = try await tenon(verb + ["--help"])
        #expect(ended.exitCode == 0)
        #expect(ended.output.contains("tenon " + verb.joined(separator: " ")))
        #expect(ended.output.contains("Example"))
    }

    @Test(arguments: [
        ["nonsense"], ["pipeline", "explain"], ["pipeline", "explain", "p", "-f", "f"],
        ["serve", "--listen", "x"], ["deploy"], ["workflow", "apply"],
        ["demo", "--designs", "0"], ["trigger", "backfill", "t", "--from", "2026-01-01"],
        ["secret", "set", "name", "value", "--project", "p"], ["secret", "list"],
        ["expression", "eval"], ["expression", "eval", "1", "--strict", "--template"],
        ["expression", "eval", "1", "--set", "x"], ["schedule", "next"], ["schema", "check"],
        ["workflow", "show", ""], ["trigger", "show", ""], ["execution", "watch", ""],
        ["secret", "list", "--project", ""], ["secret", "remove", "", "--project", "p"],
    ])
    func `a mistake in the command line ends with 2`(arguments: [String]) async throws {
        let ended = try await tenon(arguments)
        #expect(ended.exitCode == 2)
        #expect(!ended.errors.isEmpty)
        #expect(ended.output.isEmpty)
    }

    @Test func `what is not there ends with 3, what is refused with 4, no server with 5`() async throws {
        let host = try ServedHost()
        #expect(try await host.run(["connector", "show", "nothing"]).exitCode == 3)
        #expect(try await host.run(["execution", "show", "nothing"]).exitCode == 3)
        #expect(try await host.run(["workflow", "show", "nothing"]).exitCode == 3)
        let unsigned = try await host.run(["connector", "install", Products.package("sqlite")])
        #expect(unsigned.exitCode == 4)
        #expect(unsigned.errors.contains("--allow-unsigned"))
        let wrong = try await tenon(
            ["connector", "list", "--url", host.url, "--data", "/nonexistent"],
            environment: ["TENON_TOKEN": "wrong"])
        #expect(wrong.exitCode == 4)
        #expect(try await tenon(["connector", "list", "--url", "http://127.0.0.1:1"]).exitCode == 5)
    }

    @Test func `a name without its project is told how to look it up`() async throws {
        let host = try ServedHost()
        for noun in ["workflow", "pipeline", "trigger"] {
            let ended = try await host.run([noun, "show", "Nightly"])
            #expect(ended.exitCode == 3)
            #expect(ended.errors.contains("--project PROJECT"), "\(ended.errors)")
        }
    }

    @Test func `a folder in place of a file is told in words`() async throws {
        let folder = TemporaryDirectory().path
        for arguments in [
            ["secret", "set", "name", "--project", "p", "--from-file", folder],
            ["secret", "set", "name", "--project", "p", "--from-file", "/proc/self/mem"],
        ] {
            let ended = try await tenon(arguments)
            #expect(ended.exitCode != 0)
            #expect(ended.errors.hasPrefix("error: "), "\(ended.errors)")
            #expect(!ended.errors.contains("Domain"), "\(ended.errors)")
        }
    }

    @Test(arguments: ["foo", "", "file:///x"])
    func `an address that is none is told with one that is`(url: String) async throws {
        let ended = try await tenon(["connector", "list", "--url", url])
        #expect(ended.exitCode == 5)
        #expect(ended.errors.contains("http://127.0.0.1:8080"), "\(ended.errors)")
    }

    @Test func `with --json an error is its problem document`() async throws {
        let host = try ServedHost()
        let ended = try await host.run(["workflow", "show", "nothing", "--json"])
        #expect(try JSONParser.parse(ended.output)["status"] == 404)
    }

    @Test func `the exported SDK has the headers`() async throws {
        let directory = TemporaryDirectory()
        let ended = try await tenon(["sdk", "export", directory.file("sdk")])
        #expect(ended.exitCode == 0, "\(ended.errors)")
        #expect(FileManager.default.fileExists(atPath: directory.file("sdk/C/include/tenon/base.h")))
        #expect(try await tenon(["sdk", "export", directory.file("sdk")]).exitCode == 4)
    }

    @Test func `a package is inspected without a host`() async throws {
        let ended = try await tenon(["connector", "inspect", Products.package("sqlite"), "--json"])
        #expect(ended.exitCode == 0, "\(ended.errors)")
        let package = try JSONParser.parse(ended.output)
        #expect(package["name"] == "sqlite")
        #expect(package["actions"]?.array?.contains("query") == true)
    }

    @Test(arguments: [[], ["--in-process"]])
    func `a library is tried without a host`(flags: [String]) async throws {
        let library = Products.directory + "/stage/sqlite/lib/linux-x86_64/sqlite.so"
        try #require(FileManager.default.fileExists(atPath: library), "make connectors CONFIGURATION=debug")
        let directory = TemporaryDirectory()
        try await sqlite3(directory.file("t.db"), "CREATE TABLE t(x); INSERT INTO t VALUES (7)")
        let ended = try await tenon(
            [
                "connector", "run", library, "query", #"{"sql": "SELECT x FROM t"}"#, "--set",
                "path=\(directory.file("t.db"))",
            ] + flags)
        #expect(ended.exitCode == 0, "\(ended.errors)")
        #expect(try JSONParser.parse(ended.output)["rows"] == [["x": 7]])
    }
}
