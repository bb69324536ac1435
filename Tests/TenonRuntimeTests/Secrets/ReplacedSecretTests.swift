import Foundation
import TenonJSON
import TenonModel
import TenonStore
import TenonTestKit
import Testing

@testable import TenonConnectors
@testable import TenonRuntime

/// Values that secrets had until they were replaced or removed.
@Suite(.timeLimit(.minutes(1)))
struct ReplacedSecretTests {
    private static let value = "c0rrect-horse-battery"
    private static let project = SecretHost.project

    private static func call(_ name: String, _ input: JSON) -> JSON {
        [
            "name": .string(name), "type": "api-call", "order": 0,
            "parameters": ["integrationId": "there", "action": "do", "input": input],
        ]
    }

    /// What is kept, the newest first.
    private func rows(_ running: SecretHost) throws -> [SecretRow] {
        try running.host.store.read { try ReplacedSecretTable.all(of: Self.project, in: $0) }
    }

    private func replaced(_ running: SecretHost) throws -> [String: [String]] {
        try running.host.secrets.values(of: Self.project).replaced
    }

    @Test func `values that were replaced or removed before a restart are still found in answers`()
        async throws
    {
        let directory = TemporaryDirectory()
        do {
            let running = try SecretHost([:], in: directory)
            try running.set("key", Self.value)
            try running.set("key", "second-horse-battery")
            try running.host.removeSecret(project: SecretHost.project, name: "key")
            try running.set("key", "third-horse-battery")
        }
        let there = InProcessConnection { _ in
            .now(.success(JSONWriter.bytes([.string(Self.value), "second-horse-battery", "another text"])))
        }
        let running = try SecretHost(["there": there], in: directory)
        let record = try await running.run([Self.call("one", "{{secret.key}}")])
        #expect(record.steps?[0]?["output"] == ["********", "********", "another text"])
        for value in [Self.value, "second-horse-battery", "third-horse-battery"] {
            #expect(try running.files(holding: value) == [])
        }
    }

    @Test func `each value is kept once, and none that its secret has`() throws {
        let running = try SecretHost([:])
        for value in ["first", "first", "second", "first", "third", "third"] {
            try running.set("key", value)
        }
        try running.set("other", "first")
        #expect(try replaced(running) == ["key": ["first", "second"]])
        #expect(try rows(running).count == 2)
        try running.set("key", "second")
        #expect(try replaced(running) == ["key": ["third", "first"]])
        try running.host.removeSecret(project: Self.project, name: "key")
        #expect(try replaced(running) == ["key": ["second", "third", "first"]])
    }

    @Test func `the newest are kept, no more than so many and so many bytes of them`() throws {
        let running = try SecretHost([:])
        for number in 0..<(SecretRules.replacedPerProject + 5) { try running.set("key", "number \(number)") }
        let many = try replaced(running)["key"] ?? []
        #expect(many.count == SecretRules.replacedPerProject)
        #expect(many.first == "number \(SecretRules.replacedPerProject + 3)")
        func large(_ number: Int) -> String { "\(number) " + String(repeating: "x", count: 50_000) }
        for number in 0..<5 { try running.set("key", large(number)) }
        #expect(try replaced(running)["key"] == [large(3), large(2)])
        // One that alone has more, as its escapes take room, is kept all the same.
        let escaped = String(repeating: "\u{1}", count: 60_000)
        for value in [escaped, "a short one"] { try running.set("key", value) }
        #expect(try replaced(running)["key"] == [escaped])
    }

    @Test func `they go after a month, also where no secret changes`() throws {
        let time = ManualTime()
        let running = try SecretHost([:], time: time)
        try running.set("key", Self.value)
        try running.set("key", "second-horse-battery")
        time.advance(by: SecretRules.replacedAge)
        running.host.pruneSecrets()
        #expect(try replaced(running) == ["key": [Self.value]])
        time.advance(by: .seconds(1))
        running.host.pruneSecrets()
        #expect(try rows(running).isEmpty)
        #expect(try replaced(running).isEmpty)
    }

    @Test func `they go at the start of the host`() throws {
        let (time, directory) = (ManualTime(), TemporaryDirectory())
        func replaceOnce() throws {
            let running = try SecretHost([:], in: directory, time: time)
            try running.set("key", Self.value)
            try running.set("key", "second-horse-battery")
        }
        try replaceOnce()
        time.advance(by: SecretRules.replacedAge + .seconds(1))
        #expect(try rows(SecretHost([:], in: directory, time: time)).isEmpty)
    }

    @Test func `their order holds whatever the clock does`() throws {
        let time = ManualTime()
        let running = try SecretHost([:], time: time)
        // It stands still, goes far ahead and comes back.
        for value in ["first", "second", "third"] { try running.set("key", value) }
        let before = time.now()
        time.advance(by: .seconds(20 * 86400))
        try running.set("key", "fourth")
        time.advance(by: .seconds(-20 * 86400))
        try running.set("key", "fifth")
        #expect(try replaced(running) == ["key": ["fourth", "third", "second", "first"]])
        #expect(try rows(running).map(\.updatedAt) == (0..<4).map { before + .microseconds(-$0) })
    }

    @Test func `secrets that are set again after the key was lost or changed work again`() throws {
        let directory = TemporaryDirectory()
        let key = directory.file("data/keys/master.key")
        func setTwice() throws {
            let running = try SecretHost([:], in: directory)
            for value in [Self.value, "second-horse-battery"] { try running.set("key", value) }
        }
        try setTwice()
        try Data(repeating: 7, count: 32).write(to: URL(filePath: key))
        let running = try SecretHost([:], in: directory)
        let error = #expect(throws: TenonError.self) { try running.host.secrets.values(of: Self.project) }
        #expect(error?.code.rawValue == "secrets.unreadable")
        try running.set("key", "third-horse-battery")
        let values = try running.host.secrets.values(of: Self.project)
        #expect(values.current == ["key": "third-horse-battery"])
        #expect(values.replaced.isEmpty)
        #expect(try rows(running).isEmpty)
    }

    @Test func `a host without its key makes another once nothing is left that was sealed`() throws {
        let directory = TemporaryDirectory()
        let key = directory.file("data/keys/master.key")
        func setAndRemove() throws {
            let running = try SecretHost([:], in: directory)
            try running.set("key", Self.value)
            try FileManager.default.removeItem(atPath: key)
        }
        func remove() throws {
            let running = try SecretHost([:], in: directory)
            try running.host.removeSecret(project: Self.project, name: "key")
            // The key may come back.
            #expect(try rows(running).count == 1)
        }
        try setAndRemove()
        try remove()
        let running = try SecretHost([:], in: directory)
        try running.set("key", "second-horse-battery")
        #expect(try running.host.secrets.values(of: Self.project).current == ["key": "second-horse-battery"])
    }
}
