import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

struct ExecuteTests {
    static let prefix = Endpoint.prefix

    @Test func `a finished execution is answered with 200`() async throws {
        let received = try await TestServer().post(Self.prefix + "/workflows/w/execute", "")
        #expect(received.status == 200)
        #expect(received.json["execution"]?["status"] == "completed")
    }

    @Test func `a running one with 202 and where to look for it`() async throws {
        let server = TestServer()
        let received = try await server.post(Self.prefix + "/pipelines/p/execute?wait=0.1", "{}")
        #expect(received.status == 202)
        #expect(received.headers[.location] == Self.prefix + "/pipelines/executions/slow")
        #expect(try await server.get(received.headers[.location] ?? "").status == 200)
    }

    @Test(
        arguments: [
            ("", nil, 25000), ("?wait=0", nil, 0), ("?wait=1.5", nil, 1500), ("?wait=90", nil, 25000),
            ("", "respond-async", 0), ("", "respond-async, wait=10", 0), ("", "wait=10", 10000),
            ("", "x", 25000),
        ] as [(String, String?, Int64)])
    func `the request says how long it waits`(query: String, prefer: String?, milliseconds: Int64) throws {
        let wait = query.split(separator: "=").last.map { ["wait": String($0)] } ?? [:]
        let call = Call(
            endpoint: .executeWorkflow, id: "w", name: "", body: .null, uploadPath: nil, idempotencyKey: nil,
            query: query.isEmpty ? [:] : wait, prefer: prefer)
        #expect(try call.wait() == .milliseconds(milliseconds))
    }

    @Test func `a context that is no object starts nothing`() async throws {
        let server = TestServer()
        let received = try await server.post(Self.prefix + "/workflows/w/execute", "{\"context\": [1]}")
        #expect(received.status == 422)
        #expect(received.json["errors"]?[0]?["pointer"] == "/context")
        #expect(server.host.calls.isEmpty)
    }

    @Test func `the same key and body start one execution`() async throws {
        let server = TestServer()
        let headers: HTTPFields = [.idempotencyKey: "key-1"]
        let first = try await server.post(Self.prefix + "/workflows/w/execute", "{}", headers)
        let second = try await server.post(Self.prefix + "/workflows/w/execute", "{}", headers)
        #expect(first.json == second.json)
        #expect(server.host.calls.count == 1)
        let other = try await server.post(Self.prefix + "/workflows/w/execute", "{\"context\":{}}", headers)
        #expect(other.status == 422)
        #expect(other.code == "idempotency.key-reused")
    }

    @Test func `the same key and body create once, a failed request can be tried again`() async throws {
        let server = TestServer()
        let headers: HTTPFields = [.idempotencyKey: "key-1"]
        #expect(try await server.post(Self.prefix + "/workflows", "{}", headers).status == 422)
        let first = try await server.post(Self.prefix + "/workflows", "{\"steps\":[]}", headers)
        #expect(first.status == 201)
        #expect(
            try await server.post(Self.prefix + "/workflows", "{\"steps\":[]}", headers).json == first.json)
        #expect(server.host.calls == ["saveWorkflow"])
    }

    @Test func `an upload reaches the host as a file`() async throws {
        let server = TestServer()
        let received = try await server.post(Self.prefix + "/packages?allowUnsigned=true", "a package")
        #expect(received.status == 201)
        #expect(server.host.calls == ["install 9 bytes unsigned"])
        #expect(try await server.post(Self.prefix + "/packages", "").status == 422)
    }
}
