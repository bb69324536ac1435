import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Where the http target sends records, and which ones it refuses, on a real server.
@Suite(.serialized)
struct HttpRefusalTests {
    private let server: APIServer
    private let schema = Schema([Field("id", .utf8)])

    init() throws { server = try APIServer() }

    /// Writes records with these ids in one batch.
    @discardableResult
    private func write(
        _ ids: [String], to stream: String?, _ configuration: JSON
    ) throws -> [RejectedRecord] {
        var request = JSONObject([("job", "job"), ("mode", "append")])
        if let stream { request["stream"] = .string(stream) }
        let writer = try server.plugin(configuration, accepts: ["ndjson"])
            .writer(.object(request), schema)
        defer { writer.close() }
        return try writer.write(batch(schema, ids.map { ["id": .string($0)] }))
    }

    private func paths() throws -> [String] { try server.notes("/sunk").compactMap { $0["path"]?.string } }

    @Test func `a field that would lead to another address refuses its record`() throws {
        let target: JSON = ["target": ["method": "PUT", "body": "record"]]
        let ids = ["a", "", ".", "..", "...", "../b", "c\u{0}d"]
        let rejected = try write(ids, to: "/sink/{id}", target)
        #expect(rejected.map(\.row) == [1, 2, 3])
        #expect(rejected.last?.reason.contains("\"..\"") == true)
        #expect(try paths() == ["/sink/a", "/sink/...", "/sink/..%2Fb", "/sink/c%00d"])
        let joined = try write(["", "."], to: "/sink/.{id}/x?id={id}", target)
        #expect(joined.map(\.row) == [0, 1])
        #expect(try write([""], to: "/sink/all?id={id}", target).isEmpty)
    }

    @Test(arguments: [("408", CallStatus.timeout), ("429", .rateLimited), ("500", .unavailable)])
    func `items that the server could not take now are no refusals`(code: String, status: CallStatus) throws {
        let target: JSON = ["target": ["itemsPath": "results"]]
        let failure = #expect(throws: CallFailure.self) {
            try write(["1", "2"], to: "/sink/busy/\(code)", target)
        }
        #expect(failure?.status == status)
        #expect(failure?.errorClass == .transient)
        #expect(failure?.effect == .unknown)
        let rejected = try write(["1", "2"], to: "/sink/busy/409", target)
        #expect(rejected.map(\.row) == [0, 1])
    }

    @Test func `an address that is not there refuses only the record it belongs to`() throws {
        let target: JSON = ["target": ["method": "PATCH", "body": "record"]]
        let rejected = try write(["1", "2", "3"], to: "/sink/gone/{id}", target)
        #expect(rejected.map(\.row) == [1])
        #expect(rejected.first?.reason == "the server answered 404: there is no 2")
        let failure = #expect(throws: CallFailure.self) { try write(["1"], to: "/sink/gone/2", target) }
        #expect(failure?.status == .notFound)
    }

    @Test func `the endpoint of target is only for who names no stream`() throws {
        let configuration: JSON = ["target": ["endpoint": "/sink/global"]]
        try write(["1"], to: "/sink/path", configuration)
        let failure = #expect(throws: CallFailure.self) { try write(["1"], to: "typo", configuration) }
        #expect(failure?.status == .notFound)
        try write(["1"], to: nil, configuration)
        #expect(try paths() == ["/sink/path", "/sink/global"])
    }

    @Test func `the header of the key is the name of one, or none`() throws {
        for wrong in ["a b", "a: b\r\nX-Evil"] {
            #expect(throws: CallFailure.self) { try server.plugin(["idempotencyHeader": .string(wrong)]) }
        }
        try write(["1"], to: "/sink/all", ["idempotencyHeader": ""])
        #expect(try server.notes("/sunk").map { $0["key"] } == [.null])
    }

    @Test func `a redirect of a write is a matter of the configuration`() throws {
        let failure = #expect(throws: CallFailure.self) { try write(["1"], to: "/near", [:]) }
        #expect(failure?.errorClass == .config)
        #expect(failure?.message.contains("a redirect to http://127.0.0.1:\(server.port)/echo") == true)
    }
}
