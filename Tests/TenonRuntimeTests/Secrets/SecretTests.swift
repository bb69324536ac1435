import Foundation
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import TenonWorkflow
import Testing

@testable import TenonConnectors
@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct SecretTests {
    private static let value = "c0rrect-horse-battery"

    private static func call(_ name: String, _ input: JSON, order: Int = 0) -> JSON {
        [
            "name": .string(name), "type": "api-call", "order": .int(Int64(order)),
            "parameters": ["integrationId": "there", "action": "do", "input": input],
        ]
    }

    // MARK: Store

    @Test func `secrets are set, listed by name without their values, replaced and removed`() throws {
        let running = try SecretHost([:])
        let host = running.host
        try running.set("b_key", Self.value)
        try running.set("a_key", "another value")
        _ = try host.setSecret(project: ProjectID("other"), name: "c", value: "of another project")
        let list = try host.secrets(project: SecretHost.project)
        #expect(list.map { $0["name"]?.string } == ["a_key", "b_key"])
        #expect(
            list.allSatisfy { Set($0.object?.keys ?? []) == ["name", "projectId", "createdAt", "updatedAt"] })
        try running.set("b_key", "replaced")
        #expect(
            try host.secrets.values(of: SecretHost.project).current == [
                "a_key": "another value", "b_key": "replaced",
            ])
        try host.removeSecret(project: SecretHost.project, name: "a_key")
        #expect(try host.secrets(project: SecretHost.project).count == 1)
        let error = #expect(throws: TenonError.self) {
            try host.removeSecret(project: SecretHost.project, name: "a_key")
        }
        #expect(error?.code.rawValue == "secret.not-found")
        let audit = try host.store.read { try AuditTable.all(in: $0) }
        #expect(audit.map(\.action) == Array(repeating: "secret.set", count: 4) + ["secret.remove"])
        #expect(AuditLog.firstBreak(in: audit) == nil)
    }

    @Test(arguments: [
        ("a-b", "value"), ("", "value"), ("1a", "value"), ("a b", "value"), ("ä", "value"),
        (String(repeating: "a", count: 129), "value"), ("ok", "abc"),
        ("ok", String(repeating: "x", count: (64 << 10) + 1)),
    ])
    func `what cannot be a secret is refused, and the message does not repeat it`(
        name: String, value: String
    ) throws {
        let running = try SecretHost([:])
        let error = #expect(throws: TenonError.self) { try running.set(name, value) }
        #expect(error?.code.httpStatus == 422)
        #expect(error?.description.contains(value) == false || value == "value")
        #expect(try running.host.secrets(project: SecretHost.project).isEmpty)
    }

    @Test func `secrets outlive the host, and its key is never replaced by another`() throws {
        let directory = TemporaryDirectory()
        do {
            let running = try SecretHost([:], in: directory)
            try running.set("key", Self.value)
        }
        do {
            let again = try SecretHost([:], in: directory)
            #expect(try again.host.secrets.values(of: SecretHost.project).current == ["key": Self.value])
        }
        try FileManager.default.removeItem(atPath: directory.file("data/keys/master.key"))
        let without = try SecretHost([:], in: directory)
        let error = #expect(throws: TenonError.self) { try without.set("other", Self.value) }
        #expect(error?.code.rawValue == "secrets.key")
    }

    @Test func `a sealed value is of no use under another name or in another project`() throws {
        let running = try SecretHost([:])
        try running.set("key", Self.value)
        try running.host.store.write { database in
            let row = try #require(try SecretTable.find(SecretHost.project, "key", in: database))
            var moved = row
            moved.name = "stolen"
            _ = try SecretTable.put(moved, in: database)
        }
        try running.set("third", "so that they are read anew")
        let error = #expect(throws: TenonError.self) {
            try running.host.secrets.values(of: SecretHost.project)
        }
        #expect(error?.code.rawValue == "secrets.unreadable")
        #expect(error?.description.contains(Self.value) == false)
    }

    // MARK: Executions

    @Test(arguments: ["strict", "relaxed", "ephemeral"])
    func `a connector gets the value, and nothing that is recorded or logged holds it`(
        durability: String
    ) async throws {
        let there = tellingConnection()
        let running = try SecretHost(["there": there])
        try running.set("password", Self.value)
        let steps = [
            Self.call("one", ["password": "{{secret.password}}", "basic": "u:{{secret.password}}"]),
            Self.call("two", "{{context.one}}", order: 1),
        ]
        let body: JSON = [
            "projectId": "project", "name": "w", "durability": .string(durability), "steps": .array(steps),
        ]
        let id = try running.host.executeWorkflow(running.host.saveWorkflow(body, id: nil).id, context: [:])
        #expect(await running.host.whenFinished(id, within: .seconds(20)))
        let record = try running.host.execution(id)
        #expect(record.status == "completed")
        #expect(record.json.text.contains("********"))
        #expect(!record.json.text.contains(Self.value))
        #expect(
            record.steps?[0]?["output"]?["got"]?.string == #"{"password":"********","basic":"u:********"}"#)
        #expect(try running.files(holding: Self.value) == [])
        #expect(!running.log.text.contains(Self.value))
    }

    @Test func `a failure does not repeat the value that it is about`() async throws {
        let running = try SecretHost(["there": failingConnection()])
        try running.set("password", Self.value)
        let record = try await running.run([Self.call("one", ["p": "{{secret.password}}"])])
        #expect(record.status == "failed")
        #expect(record.json.text.contains("cannot take"))
        #expect(!record.json.text.contains(Self.value))
        #expect(try running.files(holding: Self.value) == [])
        #expect(!running.log.text.contains(Self.value))
    }

    @Test func `a new value holds from the next step on`() async throws {
        let told = KeptInputs()
        let there = InProcessConnection { request in
            told.add(request.input)
            return .now(.success([]))
        }
        let running = try SecretHost(["there": there])
        try running.set("key", "first value")
        let steps = [Self.call("one", "{{secret.key}}")]
        _ = try await running.run(steps)
        try running.set("key", "second value")
        _ = try await running.run(steps)
        #expect(told.texts == ["\"first value\"", "\"second value\""])
    }

    @Test func `a secret that is not set is a warning when saving and an error of the step`() async throws {
        let running = try SecretHost(["there": .noop])
        let steps = [Self.call("one", "{{secret.key}}")]
        let warnings = try running.save(steps).warnings.map { "\($0.code) \($0.pointer)" }
        #expect(warnings == ["workflow.secret-not-set /steps/0/parameters"])
        let record = try await running.run(steps)
        #expect(record.steps?[0]?["error"]?["code"]?.string == "template.missing")
        #expect(record.json.text.contains("tenon secret set key --project project"))
        try running.set("key", Self.value)
        #expect(try running.save(steps).warnings.isEmpty)
        #expect(try await running.run(steps).status == "completed")
    }

    @Test func `what connectors log is masked, also values that were replaced`() throws {
        let masks = SecretMasks()
        masks.note(["key": "first value"], of: ProjectID("a"))
        let newer = SecretValues(
            ["key": "second value"], replaced: ["key": ["first value"]], generation: 2)
        masks.note(newer, of: ProjectID("a"))
        // One who has read before comes late.
        masks.note(["key": "first value"], of: ProjectID("a"))
        func line(_ instance: String) -> LogLine {
            LogLine(
                instanceName: instance, level: .info, origin: .service,
                message: "first value, second value", fieldsJSON: #"{"k":"second value"}"#, droppedBefore: 0)
        }
        #expect(masks.masked(line("a/erp")).message == "********, ********")
        #expect(masks.masked(line("a/erp")).fieldsJSON == #"{"k":"********"}"#)
        #expect(masks.masked(line("b/erp")) == line("b/erp"))
    }

    @Test func `all who are given the same secrets share one mask until one is set`() {
        let masks = SecretMasks()
        let project = ProjectID("a")
        func mask(_ value: String, _ generation: UInt64) -> SecretMask {
            let values = SecretValues(["key": value, "other": "of another"], generation: generation)
            masks.note(values, of: project)
            return masks.mask(of: ["key"], in: values, project)
        }
        #expect(mask("first value", 1).masked("first value of another") == "******** of another")
        // The mask of a generation is made once, whatever is said to be in it.
        #expect(mask("second value", 1) == mask("first value", 1))
        #expect(mask("second value", 2).masked("first value, second value") == "first value, ********")
        // One who was given the earlier values still finds them.
        #expect(mask("first value", 1).masked("first value, second value") == "********, second value")
    }

    @Test func `a value that was printed over the longest line is masked in both pieces`() {
        let masks = SecretMasks()
        masks.note(["key": "correct-horse-battery"], of: ProjectID("a"))
        let kept = KeptLines()
        var logs = CellLogs(instance: "a/erp") { kept.add(masks.masked($0)) }
        let lead = String(repeating: "x", count: 8182)
        logs.take(output: Array("\(lead)correct-horse-battery!\nse-battery\n".utf8)[...])
        logs.finish()
        #expect(kept.messages == ["\(lead)********", "********!", "se-battery"])
    }

    @Test func `a key of many lines that a connector prints is in no line of the log`() {
        let masks = SecretMasks()
        masks.note(
            ["key": "-----BEGIN-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END-----\n"], of: ProjectID("a"))
        let kept = KeptLines()
        var logs = CellLogs(instance: "a/erp") { kept.add(masks.masked($0)) }
        logs.take(output: Array("key:\n-----BEGIN-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n".utf8)[...])
        #expect(kept.messages == ["key:", "********", "********", "********"])
    }

    @Test func `a connector that gives the value without the end of its line gives nothing away`()
        async throws
    {
        let there = InProcessConnection { request in
            let sent = try? JSONParser.parse(request.input)
            let token = sent?["token"]?.string?.trimmingCharacters(in: .newlines) ?? ""
            return .now(
                .success(JSONWriter.bytes(["token": .string(token), "url": .string("/?t=\(token)&x")])))
        }
        let running = try SecretHost(["there": there])
        try running.set("token", Self.value + "\n")
        let record = try await running.run([Self.call("one", ["token": "{{secret.token}}"])])
        #expect(record.steps?[0]?["output"] == ["token": "********", "url": "/?t=********&x"])
        #expect(try running.files(holding: Self.value) == [])
    }

    @Test func `a value that is replaced while the execution runs is still masked`() async throws {
        let told = KeptInputs()
        let box = HostBox()
        let there = InProcessConnection { request in
            told.add(request.input)
            // Whoever rotates it does so after the first step was sent.
            if told.texts.count == 1 { box.rotate("key", "second-of-the-values") }
            return .now(.success(JSONWriter.bytes(["all": .array(told.texts.map(JSON.string))])))
        }
        let running = try SecretHost(["there": there])
        box.host = running.host
        try running.set("key", "first-of-the-values")
        let record = try await running.run([
            Self.call("one", "{{secret.key}}"), Self.call("two", "{{secret.key}}", order: 1),
        ])
        box.host = nil
        #expect(told.texts == ["\"first-of-the-values\"", "\"second-of-the-values\""])
        #expect(record.steps?[1]?["output"] == ["all": ["\"********\"", "\"********\""]])
        #expect(try running.files(holding: "first-of-the-values") == [])
    }

    @Test func `the answer with its schedules, sent back, is the same version without a warning`() throws {
        let running = try SecretHost(["there": .noop])
        let saved = try running.save([Self.call("one", [:])])
        var answer = try #require(saved.json.object)
        answer["schedules"] = [["triggerId": "x", "nextTicks": []]]
        let again = try running.host.saveWorkflow(
            .object(answer), id: saved.id, options: SaveOptions(isStrict: true))
        #expect(again.version == 1)
        #expect(again.json["schedules"] == nil)
    }

    // MARK: Answers

    @Test func `the answer shows what each step reads, and sent back it is the same version`() throws {
        let running = try SecretHost(["there": .noop])
        try running.set("key", Self.value)
        let saved = try running.save([
            Self.call("one", "{{secret.key}}"), Self.call("two", "{{context.one}}", order: 1),
        ])
        let steps = saved.json["steps"]
        #expect(steps?[0]?["inferredDependencies"] == [])
        #expect(steps?[0]?["secrets"] == ["key"])
        #expect(steps?[1]?["inferredDependencies"] == ["one"])
        #expect(steps?[1]?["secrets"] == nil)
        #expect(try running.host.workflow(saved.id).json["steps"] == steps)
        let again = try running.host.saveWorkflow(saved.json, id: saved.id)
        #expect(again.version == 1)
        #expect(again.warnings.isEmpty)
    }
}

/// What a connection was given.
final class KeptInputs: @unchecked Sendable {
    // Invariant: only touched while `lock` is held.
    private var inputs: [String] = []
    private let lock = NSLock()

    func add(_ input: [UInt8]) { lock.withLock { inputs.append(String(decoding: input, as: UTF8.self)) } }
    var texts: [String] { lock.withLock { inputs } }
}

/// What was logged.
final class KeptLines: @unchecked Sendable {
    // Invariant: only touched while `lock` is held.
    private var lines: [LogLine] = []
    private let lock = NSLock()

    func add(_ line: LogLine) { lock.withLock { lines.append(line) } }
    var messages: [String] { lock.withLock { lines.map(\.message) } }
}

/// A host that a connection of its own gives another secret.
final class HostBox: @unchecked Sendable {
    // Invariant: only touched while `lock` is held.
    private var kept: TenonHost?
    private let lock = NSLock()

    var host: TenonHost? {
        get { lock.withLock { kept } }
        set { lock.withLock { kept = newValue } }
    }

    func rotate(_ name: String, _ value: String) {
        // `try?`: the test sees it in what the next step is given.
        _ = try? host?.setSecret(project: SecretHost.project, name: name, value: value)
    }
}
