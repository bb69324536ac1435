import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// The http target, on a real server.
@Suite(.serialized)
struct HttpTargetTests {
    private let server: APIServer
    private let schema = Schema([Field("id", .int64, isNullable: false), Field("name", .utf8)])
    private let records: [JSON] = [
        ["id": 1, "name": "a"], ["id": 2, "name": "ü\"\n"], ["id": 3, "name": nil],
    ]

    init() throws { server = try APIServer() }

    private func plugin(_ target: JSON) throws -> Plugin {
        try server.plugin(["target": target], accepts: ["ndjson"])
    }

    /// Writes all records in one batch and commits them as the next sequence.
    @discardableResult
    private func write(
        _ plugin: Plugin, _ stream: String, _ records: [JSON]? = nil, mode: String = "append"
    ) throws -> [RejectedRecord] {
        let writer = try plugin.writer(
            ["job": "job 1", "stream": .string(stream), "mode": .string(mode)], schema)
        defer { writer.close() }
        let rejected = try writer.write(batch(schema, records ?? self.records))
        try writer.commit(writer.committedSequence + 1)
        return rejected
    }

    private func bodies() throws -> [String] { try server.notes("/sunk").compactMap { $0["body"]?.string } }

    // MARK: bodies

    @Test(
        arguments: [
            (
                ["batchSize": 2],
                [#"[{"id":1,"name":"a"},{"id":2,"name":"ü\"\n"}]"#, #"[{"id":3,"name":null}]"#]
            ),
            (
                ["body": "wrapped", "wrapper": "rows"],
                [#"{"rows":[{"id":1,"name":"a"},{"id":2,"name":"ü\"\n"},{"id":3,"name":null}]}"#]
            ),
            (
                ["body": "ndjson"],
                [
                    #"{"id":1,"name":"a"}"# + "\n" + #"{"id":2,"name":"ü\"\n"}"# + "\n"
                        + #"{"id":3,"name":null}"# + "\n"
                ]
            ),
            (
                ["body": "record"],
                [#"{"id":1,"name":"a"}"#, #"{"id":2,"name":"ü\"\n"}"#, #"{"id":3,"name":null}"#]
            ),
        ] as [(JSON, [String])])
    func `records are sent in the form that is configured`(target: JSON, expected: [String]) throws {
        #expect(try write(plugin(target), "/sink/all").isEmpty)
        #expect(try bodies() == expected)
        let type = try server.notes("/sunk").first?["type"]
        #expect(type == (target["body"] == "ndjson" ? "application/x-ndjson" : "application/json"))
    }

    @Test func `an upsert puts each record at its own address`() throws {
        let plugin = try plugin(["method": "PUT", "body": "record"])
        let rejected = try write(plugin, "/sink/{name}?v={id}", mode: "upsert")
        #expect(rejected.map(\.row) == [2])
        let notes = try server.notes("/sunk")
        #expect(notes.map { $0["path"] } == ["/sink/a?v=1", "/sink/%C3%BC%22%0A?v=2"])
        #expect(notes.map { $0["method"] } == ["PUT", "PUT"])
    }

    @Test func `what cannot be done is refused before the first record`() throws {
        for (target, mode) in [(["body": "array"], "upsert"), (["method": "PUT"], "overwrite")]
            as [(JSON, String)]
        {
            let failure = try #require(throws: CallFailure.self) {
                try write(plugin(target), "/sink/all", mode: mode)
            }
            #expect(failure.status == .invalidArgument)
        }
        #expect(throws: CallFailure.self) { try write(plugin([:]), "nowhere") }
        #expect(try bodies().isEmpty)
    }

    // MARK: keys

    @Test func `records that are sent again have the same keys, others have other keys`() throws {
        let plugin = try plugin(["batchSize": 2])
        let request: JSON = ["job": "job 1", "stream": "/sink/all"]
        let first = try plugin.writer(request, schema)
        _ = try first.write(batch(schema, records))
        try first.commit(1)
        _ = try first.write(batch(schema, records))
        // Killed before the commit: the host learns the sequence and sends what follows it again.
        first.close()
        let second = try plugin.writer(request, schema)
        #expect(second.committedSequence == 1)
        _ = try second.write(batch(schema, records))
        try second.commit(2)
        second.close()
        let keys = try server.notes("/sunk").compactMap { $0["key"]?.string }
        #expect(keys.count == 6)
        #expect(Set(keys.prefix(4)).count == 4)
        #expect(keys[2..<4] == keys[4..<6])
        #expect(keys[0].hasPrefix("job 1-1-1-"))
        #expect(keys[5].hasPrefix("job 1-2-2-"))
    }

    @Test func `other records at the same place have another key, so that none are lost`() throws {
        let plugin = try plugin([:])
        for id in 1...2 {
            let writer = try plugin.writer(["job": "j", "stream": "/sink/all"], schema)
            _ = try writer.write(batch(schema, [["id": .int(Int64(id))]]))
            writer.close()
        }
        let keys = try server.notes("/sunk").compactMap { $0["key"]?.string }
        #expect(keys.count == 2)
        #expect(keys[0] != keys[1])
    }

    // MARK: answers

    @Test func `a server that is busy gets the batch again under the same key`() throws {
        try write(plugin([:]), "/sink/flaky")
        let notes = try server.notes("/sunk")
        #expect(notes.count == 3)
        #expect(Set(notes.compactMap { $0["key"]?.string }).count == 1)
    }

    @Test func `items of an answer reject their records`() throws {
        let target: JSON = ["body": "wrapped", "wrapper": "rows", "itemsPath": "results"]
        let rejected = try write(
            plugin(target), "/sink/items", [["id": 1, "name": "a"], ["id": 2, "name": "b"]])
        #expect(rejected.isEmpty)
        let nameless = Schema([Field("id", .int64)])
        let writer = try plugin(target).writer(["job": "j", "stream": "/sink/items"], nameless)
        let all = try writer.write(batch(nameless, [["id": 1], ["id": 2]]))
        writer.close()
        #expect(all.map(\.row) == [0, 1])
        #expect(all.first?.reason == "the server answered 422: no name")
        let short = #expect(throws: CallFailure.self) { try write(plugin(target), "/sink/short") }
        #expect(short?.status == .badData)
        #expect(short?.effect == .unknown)
    }

    @Test func `a single record that is refused does not stop the others, a batch does`() throws {
        let records: [JSON] = [["id": 1, "name": "a"], ["id": 2, "name": "bad"], ["id": 3, "name": "c"]]
        let rejected = try write(plugin(["body": "record"]), "/sink/strict", records)
        #expect(rejected.map(\.row) == [1])
        #expect(rejected.first?.reason == "the server answered 422: bad is not allowed")
        #expect(try bodies().count == 3)
        let failure = #expect(throws: CallFailure.self) { try write(plugin([:]), "/sink/strict", records) }
        #expect(failure?.status == .badData)
        #expect(failure?.errorClass == .data)
        #expect(failure?.effect == .notApplied)
    }

    @Test(arguments: [
        (400, CallStatus.badData, ErrorClass.data, Effect.notApplied),
        (401, .unauthenticated, .config, .notApplied), (404, .notFound, .config, .notApplied),
        (415, .invalidArgument, .config, .notApplied), (408, .timeout, .transient, .notApplied),
        (425, .unavailable, .transient, .notApplied), (500, .unavailable, .transient, .unknown),
    ])
    func `an answer of 400 and above says who must act`(
        code: Int, status: CallStatus, errorClass: ErrorClass, effect: Effect
    ) throws {
        let failure = #expect(throws: CallFailure.self) { try write(plugin([:]), "/sink/fails/\(code)") }
        #expect(failure?.status == status)
        #expect(failure?.errorClass == errorClass)
        #expect(failure?.effect == effect)
    }

    @Test func `an error after a part of a batch does not claim that nothing happened`() throws {
        let failure = #expect(throws: CallFailure.self) {
            try write(plugin(["batchSize": 1]), "/sink/second")
        }
        #expect(failure?.status == .badData)
        #expect(failure?.effect == .unknown)
    }
}
