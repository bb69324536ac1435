import Foundation
import TenonJSON
import TenonTestKit
import Testing

/// What is tried out without a host. `TENON_URL` leads nowhere, so that one would be missed.
struct OfflineTests {
    private static func run(_ arguments: [String], input: String? = nil) async throws -> Ended {
        try await tenon(arguments, environment: ["TENON_URL": "http://127.0.0.1:1"], input: input)
    }

    private static func written(_ text: String, _ name: String, in directory: TemporaryDirectory) throws
        -> String
    {
        let path = directory.file(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    // MARK: Expressions

    @Test func `an expression is evaluated over a file, the standard input or settings`() async throws {
        let directory = TemporaryDirectory()
        let file = try Self.written(
            "rows: [{id: 1, open: true}, {id: 2}]\nname: Ada\n", "c.yaml", in: directory)
        let rows = try await Self.run(
            ["expression", "eval", "context.rows.map(r, r.id)", "--context", file])
        #expect(rows.exitCode == 0, "\(rows.errors)")
        #expect(try JSONParser.parse(rows.output) == [1, 2])
        let name = try await Self.run(
            ["expression", "eval", "name + '!'", "--context", file, "--set", "name=Bob"])
        #expect(name.output == "\"Bob!\"\n")
        let piped = try await Self.run(
            ["expression", "eval", "n > 9007199254740992", "--context", "-"],
            input: #"{"n": 9007199254740993}"#)
        #expect(piped.output == "true\n", "\(piped.errors)")
        let step = try await Self.run(
            ["expression", "eval", "context.Transform Data + 1", "--set", "Transform Data=4"])
        #expect(step.output == "5\n", "\(step.errors)")
        let template = try await Self.run([
            "expression", "eval", "--template", "Order {{id}}", "--set", "id=7",
        ])
        #expect(template.output == "\"Order 7\"\n")
    }

    @Test func `with --json the value comes with its type and what was read`() async throws {
        let ended = try await Self.run(["expression", "eval", "pric * 2 + n", "--set", "price=1", "--json"])
        let body = try JSONParser.parse(ended.output)
        #expect(body["value"] == .some(.null))
        #expect(body["type"] == "null")
        #expect(body["reads"] == ["pric", "n"])
        #expect(body["notes"]?[0]?.string?.contains("Did you mean \"price\"?") == true)
        let strict = try await Self.run(
            ["expression", "eval", "timestamp('2026-01-01T00:00:00Z')", "--strict", "--json"])
        #expect(try JSONParser.parse(strict.output)["type"] == "timestamp")
    }

    @Test func `what is not there is told beside the value`() async throws {
        let ended = try await Self.run(["expression", "eval", "context.prise ?? 3", "--set", "price=1"])
        #expect(ended.exitCode == 0)
        #expect(ended.output == "3\n")
        #expect(ended.errors == "note:  context has no \"prise\". Did you mean \"price\"?\n")
    }

    @Test(arguments: [
        ("1 +", "expression.invalid", "character 4"), ("siz(a)", "expression.invalid", "Did you mean"),
        ("1 / zero", "expression.failed", "division by zero"),
    ])
    func `a mistake in an expression is told with its place`(text: String, code: String, detail: String)
        async throws
    {
        let ended = try await Self.run(["expression", "eval", text, "--set", "zero=0", "--json"])
        #expect(ended.exitCode == 4)
        #expect(ended.errors.contains(detail), "\(ended.errors)")
        #expect(try JSONParser.parse(ended.output)["code"]?.string == code)
    }

    @Test func `an unknown name is a mistake in strict mode and in a template`() async throws {
        let strict = try await Self.run(["expression", "eval", "x", "--strict"])
        #expect(strict.exitCode == 4 && strict.output.isEmpty)
        let template = try await Self.run(["expression", "eval", "--template", "{{x}}-"])
        #expect(template.exitCode == 4)
        #expect(template.errors.contains("template.missing"))
    }

    // MARK: Schedules

    @Test func `a schedule's next ticks are shown on the clocks of its zone`() async throws {
        let berlin = try await Self.run([
            "schedule", "next", "30 2 * * *", "--timezone", "Europe/Berlin", "--from", "2027-03-27",
            "--count",
            "3",
        ])
        #expect(
            berlin.output == """
                2027-03-27T02:30:00+01:00
                2027-03-28T03:00:00+02:00
                2027-03-29T02:30:00+02:00

                """, "\(berlin.errors)")
        let trigger = try await Self.run([
            "schedule", "next",
            #"{"schedule": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"gap": "skip"}}"#, "--from",
            "2027-03-28T00:00", "--count", "1", "--json",
        ])
        let body = try JSONParser.parse(trigger.output)
        #expect(body["nextTicks"] == ["2027-03-29T02:30:00+02:00"])
        #expect(body["timezone"] == "Europe/Berlin")
        let now = try await Self.run(["schedule", "next", "@every 1s"])
        #expect(now.output.split(separator: "\n").count == 5)
    }

    @Test func `a mistake is told once, with its place`() async throws {
        let ended = try await Self.run(["schedule", "next", "61 * * * *"])
        #expect(ended.errors.components(separatedBy: "minute").count == 2, "\(ended.errors)")
        #expect(ended.errors.contains("\n  /schedule\n"), "\(ended.errors)")
    }

    @Test func `a moment that is asked from may be a tick itself, and an end leaves nothing`() async throws {
        let first = try await Self.run([
            "schedule", "next", "0 0 * * *", "--from", "2026-12-31", "--count", "1",
        ])
        #expect(first.output == "2026-12-31T00:00:00Z\n")
        let ended = try await Self.run(["schedule", "next", #"{"schedule": "@daily", "end": "2020-01-01"}"#])
        #expect(ended.exitCode == 0)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains("no tick"))
        let disabled = try await Self.run([
            "schedule", "next", #"{"type": "schedule", "schedule": "@daily", "enabled": false}"#,
        ])
        #expect(disabled.exitCode == 0 && disabled.errors.contains("not enabled"), "\(disabled.errors)")
    }

    @Test(
        arguments: [
            (["61 * * * *"], 4, "minute"), (["0 0 30 2 *"], 4, "never comes"),
            (["* * * * *", "--timezone", "Europe/Berln"], 4, "Did you mean \"Europe/Berlin\"?"),
            (["* * * * *", "--from", "tomorrow"], 2, "--from"),
            (["* * * * *", "--count", "0"], 2, "--count"),
            ([#"{"schedule": "* * * * *", "timezon": "UTC"}"#], 2, "Did you mean \"timezone\"?"),
            ([#"{"schedule": "#], 2, "JSON"),
            ([#"{"schedule": "* * * * *"}"#, "--timezone", "UTC"], 2, "--timezone"),
            ([#"{"type": "event", "event": "x"}"#], 2, "has no ticks"),
            ([#"{"type": "webhook", "schedule": "@daily"}"#], 2, "has no ticks"),
            (["\n\t{\"schedule\": \"61 * * * *\"}"], 4, "minute"),
            (["@every 36500d"], 4, "11574 days"),
        ] as [([String], Int32, String)])
    func `a mistake in a schedule is told`(arguments: [String], exitCode: Int32, detail: String) async throws
    {
        let ended = try await Self.run(["schedule", "next"] + arguments)
        #expect(ended.exitCode == exitCode)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains(detail), "\(ended.errors)")
    }

    // MARK: Schemas

    private static let schema = """
        {"type": "object", "properties": {"port": {"type": "integer", "minimum": 1}}, "required": ["port"],
         "additionalProperties": false}
        """

    @Test func `values are checked by a schema, each with the places of its mistakes`() async throws {
        let directory = TemporaryDirectory()
        let schema = try Self.written(Self.schema, "schema.json", in: directory)
        let right = try Self.written("port: 80\n", "right.yaml", in: directory)
        let wrong = try Self.written(#"{"prot": 80}"#, "wrong.json", in: directory)
        let alone = try await Self.run(["schema", "check", schema])
        #expect(alone.exitCode == 0 && alone.output.contains("is a schema"), "\(alone.errors)")
        #expect(try await Self.run(["schema", "check", schema, right]).exitCode == 0)
        #expect(try await Self.run(["schema", "check", schema, "-"], input: #"{"port": 1}"#).exitCode == 0)
        let mixed = try await Self.run(["schema", "check", schema, right, wrong])
        #expect(mixed.exitCode == 4)
        #expect(mixed.output == "\(right) is valid\n")
        #expect(mixed.errors.contains("/port: is required"), "\(mixed.errors)")
        let body = try JSONParser.parse(
            try await Self.run(["schema", "check", schema, right, wrong, "--json"]).output)
        #expect(body["values"]?[0]?["isValid"] == true)
        #expect(body["values"]?[1]?["isValid"] == false)
        #expect(body["values"]?[1]?["errors"]?.array?.contains { $0["pointer"] == "/prot" } == true)
    }

    @Test func `what a file holds does nothing to the terminal`() async throws {
        let directory = TemporaryDirectory()
        let schema = try Self.written(Self.schema, "schema.json", in: directory)
        let ended = try await Self.run(
            ["schema", "check", schema, "-"], input: #"{"port": 1, "\u001b[31mred": 1}"#)
        #expect(ended.exitCode == 4)
        #expect(
            ended.errors.contains(#"/\u{1b}[31mred"#) && !ended.errors.contains("\u{1B}"), "\(ended.errors)")
    }

    @Test func `a schema that is wrong is told with its places`() async throws {
        let directory = TemporaryDirectory()
        let schema = try Self.written(
            #"{"properties": {"port": {"minimun": 1}}}"#, "schema.json", in: directory)
        let ended = try await Self.run(["schema", "check", schema, "--json"])
        #expect(ended.exitCode == 4)
        let problem = try JSONParser.parse(ended.output)
        #expect(problem["code"] == "schema.invalid")
        #expect(problem["errors"]?[0]?["pointer"] == "/properties/port/minimun")
    }

    @Test(arguments: [(["-", "-"], 2), (["/nothing"], 3), (["-"], 2)] as [([String], Int32)])
    func `a file that cannot be read as one document is told`(files: [String], exitCode: Int32) async throws {
        let ended = try await Self.run(["schema", "check"] + files, input: "a: [")
        #expect(ended.exitCode == exitCode, "\(ended.errors)")
        #expect(!ended.errors.isEmpty)
    }
}
