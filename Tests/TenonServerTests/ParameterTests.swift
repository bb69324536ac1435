import HTTPTypes
import TenonAPI
import TenonJSON
import Testing

@testable import TenonServer

/// What the table of endpoints does not know is refused by every one of them.
struct ParameterTests {
    private static let closed = Endpoint.all.filter { !$0.isOpen }

    private static func sent(_ endpoint: Endpoint, query: String = "", body: String? = nil) -> TestServer.Sent
    {
        let standard = endpoint.body == .none ? "" : "{}"
        return .init(
            method: endpoint.method.http, path: endpoint.path(id: "x", name: "y") + query,
            body: body ?? standard)
    }

    @Test(arguments: closed)
    func `a parameter that the endpoint does not take is refused, with those that it takes`(
        endpoint: Endpoint
    ) async throws {
        let server = TestServer()
        let received = try await server.send(Self.sent(endpoint, query: "?nothingOfThis=1"))
        #expect(received.status == 400)
        #expect(received.code == "request.bad-parameter")
        let detail = received.json["detail"]?.string ?? ""
        #expect(detail.contains("\"nothingOfThis\""))
        for parameter in endpoint.query { #expect(detail.contains(parameter.name), "\(detail)") }
        #expect(server.host.calls.isEmpty)
    }

    @Test(arguments: [
        ("/executions?limt=5", "limit"), ("/triggers?projectid=p", "projectId"),
        ("/triggers/ledger?form=2026-01-01", "from"), ("/triggers?status=activ", "active"),
        ("/executions?status=timedout", "timed-out"), ("/connectors?type=sources", "source"),
    ])
    func `a slip of the pen gets the name that was probably meant`(path: String, meant: String) async throws {
        let received = try await TestServer().get(Endpoint.prefix + path)
        #expect(received.code == "request.bad-parameter")
        #expect(received.json["detail"]?.string?.contains("Did you mean \"\(meant)\"?") == true)
    }

    @Test(arguments: ["limit=1&limit=2", "limit=1&l%69mit=1", "=1", "limit=1&="])
    func `a parameter that is given twice or has no name is refused`(query: String) async throws {
        let received = try await TestServer().get(Endpoint.prefix + "/packages?" + query)
        #expect(received.code == "request.bad-parameter")
    }

    @Test(arguments: closed.filter { !$0.query.isEmpty })
    func `each parameter of the table is taken`(endpoint: Endpoint) async throws {
        for parameter in endpoint.query {
            let value =
                switch parameter.kind {
                case .boolean: "true"
                case .integer, .number: "1"
                case .string: parameter.words.first ?? "1"
                }
            let received = try await TestServer().send(
                Self.sent(endpoint, query: "?\(parameter.name)=\(value)"))
            #expect(received.code != "request.bad-parameter", "\(parameter.name): \(received.json)")
        }
    }

    @Test func `a probe may add what it likes`() async throws {
        #expect(try await TestServer().get("/health/live?nocache=1").status == 200)
    }

    @Test(arguments: closed.filter { $0.body == .none })
    func `a body where none is taken is refused, and an empty object is none`(
        endpoint: Endpoint
    ) async throws {
        for body in ["{\"dryRun\": true}", "{", "[]", "text", String(repeating: " ", count: 1000) + "{}"] {
            let server = TestServer()
            let received = try await server.send(Self.sent(endpoint, body: body))
            #expect(received.status == 400)
            #expect(received.code == "request.unexpected-body", "\(endpoint.operation) \(body)")
            #expect(server.host.calls.isEmpty)
        }
        // Following reads the request itself, from a connection.
        for body in endpoint.answer == .events ? [] : ["", "{}", " { }\n"] {
            let received = try await TestServer().send(Self.sent(endpoint, body: body))
            #expect(received.code != "request.unexpected-body", "\(endpoint.operation) \(body)")
        }
    }

    @Test(arguments: [
        (Endpoint.executeWorkflow, "contxt", "context"), (.resolveExecution, "steps", "step"),
        (.backfillTrigger, "dryrun", "dryRun"), (.setSecret, "Value", "value"),
    ])
    func `an unknown member of a body is refused with the one that was probably meant`(
        endpoint: Endpoint, member: String, meant: String
    ) async throws {
        let server = TestServer()
        let received = try await server.send(Self.sent(endpoint, body: "{\"\(member)\": {}}"))
        #expect(received.code == "request.wrong-body")
        let mistake = received.json["errors"]?[0]
        #expect(mistake?["pointer"]?.string == "/\(member)")
        #expect(mistake?["detail"]?.string == "is not known here. Did you mean \"\(meant)\"?")
        #expect(server.host.calls.isEmpty)
    }

    @Test func `the description names each parameter with its type and words`() throws {
        let document = OpenAPI.document(version: "1")
        for endpoint in Endpoint.all {
            let path = endpoint.path.replacing(":id", with: "{id}").replacing(":name", with: "{name}")
            let operation = document["paths"]?[path]?[endpoint.method.rawValue.lowercased()]
            let described = (operation?["parameters"]?.array ?? []).filter { $0["in"] == "query" }
            #expect(described.compactMap { $0["name"]?.string } == endpoint.query.map(\.name))
            for (parameter, described) in zip(endpoint.query, described) {
                let words = (described["schema"]?["enum"]?.array ?? []).compactMap(\.string)
                #expect(words == parameter.words)
                #expect(described["schema"]?["type"]?.string == parameter.kind.rawValue)
            }
            #expect((operation?["requestBody"] == nil) == (endpoint.body == .none))
        }
    }
}
