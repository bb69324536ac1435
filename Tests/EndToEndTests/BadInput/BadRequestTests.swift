import NIOHTTP1
import TenonAPI
import TenonJSON
import TenonModel
import Testing

/// Bad requests to one host: each has its status and code, none is a 5xx, and the host goes on.
struct BadRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var request: RawCase
        var status: Int
        var code: String?
        /// What the message must say to do.
        var advice: String?
        var testDescription: String { name }
    }
    struct RawCase: Sendable {
        var method: String
        var path: String
        var body: String?
    }

    private static func post(_ path: String, _ body: String) -> RawCase {
        RawCase(method: "POST", path: Endpoint.prefix + path, body: body)
    }
    private static func get(_ path: String) -> RawCase {
        RawCase(method: "GET", path: Endpoint.prefix + path, body: nil)
    }
    static let cases: [Case] = [
        Case(
            name: "malformed JSON", request: post("/workflows", "{\"a\":"), status: 400,
            code: "request.malformed-json", advice: "line 1, column 6). Mend it there."),
        Case(
            name: "a duplicate key", request: post("/connectors", #"{"a":1,"a":2}"#), status: 400,
            code: "request.malformed-json"),
        Case(
            name: "too deep JSON", request: post("/workflows", String(repeating: "{\"a\":", count: 100_000)),
            status: 400, code: "request.too-deep", advice: "flatten it"),
        Case(
            name: "a too large body",
            request: post(
                "/workflows", "{\"a\":\"" + String(repeating: "x", count: Limits.requestBodyBytes) + "\"}"),
            status: 413, code: "request.too-large", advice: "send less at a time"),
        Case(name: "no object", request: post("/pipelines", "[1]"), status: 422, code: "request.wrong-body"),
        Case(name: "an empty workflow", request: post("/workflows", "{}"), status: 422),
        Case(name: "an empty pipeline", request: post("/pipelines", "{}"), status: 422),
        Case(name: "an empty connector", request: post("/connectors", "{}"), status: 422),
        Case(name: "an unknown workflow", request: get("/workflows/none"), status: 404),
        Case(name: "an unknown pipeline", request: get("/pipelines/none"), status: 404),
        Case(name: "an unknown connector", request: get("/connectors/none"), status: 404),
        Case(name: "an unknown instance", request: get("/instances/none"), status: 404),
        Case(name: "an unknown package", request: get("/packages/none"), status: 404),
        Case(name: "an unknown execution", request: get("/executions/none"), status: 404),
        Case(
            name: "executing an unknown workflow", request: post("/workflows/none/execute", "{}"), status: 404
        ),
        Case(
            name: "executing an unknown pipeline", request: post("/pipelines/none/execute", ""), status: 404),
        Case(
            name: "deploying an unknown connector",
            request: post("/connectors/none/deploy", #"{"projectId": "p", "integrationId": "i"}"#),
            status: 404),
        Case(
            name: "cancelling an unknown execution", request: post("/executions/none/cancel", ""), status: 404
        ),
        Case(name: "an unknown trigger", request: get("/triggers/none"), status: 404),
        Case(name: "pausing an unknown trigger", request: post("/triggers/none/pause", ""), status: 404),
        Case(
            name: "making up for an unknown trigger",
            request: post("/triggers/none/backfill", #"{"from": "2025-01-01", "to": "2025-01-02"}"#),
            status: 404),
        Case(
            name: "making up for no range", request: post("/triggers/none/backfill", "{}"), status: 422,
            code: "request.wrong-body"),
        Case(
            name: "a ledger from no time", request: get("/triggers/ledger?from=yesterday"), status: 400,
            code: "request.bad-parameter", advice: "2026-11-24"),
        Case(
            name: "a foreign cursor of the ledger", request: get("/triggers/ledger?cursor=zzz"), status: 422),
        Case(
            name: "a secret that is no text",
            request: RawCase(
                method: "PUT", path: Endpoint.setSecret.path(id: "p", name: "a"), body: #"{"value": 7}"#),
            status: 422, code: "request.wrong-body"),
        Case(
            name: "a secret with a name that no expression can say",
            request: RawCase(
                method: "PUT", path: Endpoint.setSecret.path(id: "p", name: "a b"),
                body: #"{"value": "long enough"}"#), status: 422, code: "secret.name-invalid"),
        Case(
            name: "removing an unknown secret",
            request: RawCase(method: "DELETE", path: Endpoint.removeSecret.path(id: "p", name: "a")),
            status: 404, code: "secret.not-found"),
        Case(
            name: "asking for the value of a secret",
            request: RawCase(method: "GET", path: Endpoint.removeSecret.path(id: "p", name: "a")),
            status: 405, code: "request.wrong-method"),
        Case(name: "an unknown path", request: get("/nothing"), status: 404, code: "request.unknown-path"),
        Case(name: "a path with dots", request: get("/../../../etc/passwd"), status: 404),
        Case(name: "an id with dots", request: get("/workflows/..%2F..%2Fetc%2Fpasswd"), status: 404),
        Case(name: "an id with a zero byte", request: get("/workflows/a%00b"), status: 404),
        Case(
            name: "a wrong method",
            request: RawCase(method: "DELETE", path: Endpoint.prefix + "/workflows/x"),
            status: 405, code: "request.wrong-method"),
        Case(
            name: "a limit of nothing", request: get("/packages?limit=0"), status: 400,
            code: "request.bad-parameter"),
        Case(name: "a foreign cursor", request: get("/executions?cursor=zzz"), status: 422),
        Case(
            name: "an upload that is no package",
            request: post("/packages?allowUnsigned=true", "not a package"), status: 422),
        Case(name: "an empty upload", request: post("/packages?allowUnsigned=true", ""), status: 422),
    ]

    @Test func `every bad request has its status and code, and the host goes on`() async throws {
        let host = try ServedHost()
        for bad in Self.cases {
            let raw = RawRequest(method: bad.request.method, path: bad.request.path, body: bad.request.body)
            let answer = try await raw.send(to: host)
            #expect(answer.status == bad.status, "\(bad.name): \(answer.json.text.prefix(300))")
            if let code = bad.code { #expect(answer.code == code, "\(bad.name)") }
            let detail = answer.json["detail"]?.string ?? ""
            if let advice = bad.advice { #expect(detail.contains(advice), "\(bad.name): \(detail)") }
            #expect(answer.headers.first(name: "Content-Type") == "application/problem+json", "\(bad.name)")
            #expect(!detail.isEmpty && answer.code?.isEmpty == false, "\(bad.name)")
        }
        #expect(try await RawRequest(path: "/health/ready").send(to: host).status == 200)
        #expect(await host.stop() == 0)
    }

    @Test func `a wrong token is refused everywhere`() async throws {
        let host = try ServedHost()
        for endpoint in Endpoint.all where !endpoint.isOpen {
            let raw = RawRequest(method: endpoint.method.rawValue, path: endpoint.path(id: "x"))
            #expect(
                try await raw.send(to: host, token: "wrong").code == "auth.wrong-token", "\(endpoint.path)")
        }
    }
}
