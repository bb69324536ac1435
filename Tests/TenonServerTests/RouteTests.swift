import TenonAPI
import HTTPTypes
import TenonJSON
import TenonTestKit
import Testing

@testable import TenonServer

struct RouteTests {
    static let prefix = Endpoint.prefix

    @Test func `every endpoint has exactly one route`() {
        #expect(Route.all.map(\.endpoint.operation).sorted() == Endpoint.all.map(\.operation).sorted())
        #expect(Set(Endpoint.all.map(\.operation)).count == Endpoint.all.count)
        #expect(Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path)" }).count == Endpoint.all.count)
    }

    @Test func `the router knows one capture name for each place`() {
        for endpoint in Endpoint.all {
            #expect(["id", "name"].starts(with: endpoint.captures), "\(endpoint.path)")
        }
    }

    @Test(arguments: 0..<20)
    func `which route answers does not depend on the order of registration`(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let routes = Endpoint.all.map { endpoint in
            Route(
                endpoint,
                waiting: { call, _ in
                    Answer(
                        status: 200,
                        body: [
                            "operation": .string(call.endpoint.operation), "id": .string(call.id),
                            "name": .string(call.name),
                        ])
                })
        }
        let server = TestServer(routes: routes.shuffled(using: &generator))
        for endpoint in Endpoint.all {
            let id = endpoint.captures.contains("id") ? "an id/ü" : nil
            let name = endpoint.captures.contains("name") ? "a name/ü" : nil
            let received = try await server.send(
                .init(
                    method: endpoint.method.http, path: endpoint.path(id: id, name: name),
                    body: endpoint.body == .none ? "" : "{}"))
            #expect(received.json["operation"]?.string == endpoint.operation, "\(endpoint.path)")
            #expect(received.json["id"]?.string == id ?? "")
            #expect(received.json["name"]?.string == name ?? "")
        }
    }

    @Test func `executions are found beside definitions`() async throws {
        let server = TestServer()
        #expect(try await server.get(Self.prefix + "/workflows/abc").json["workflow"] != nil)
        #expect(try await server.get(Self.prefix + "/workflows/executions/abc").json["execution"] != nil)
        #expect(try await server.get(Self.prefix + "/pipelines/executions/abc").json["execution"] != nil)
    }

    @Test func `a path with dots leads nowhere`() async throws {
        let server = TestServer()
        for path in ["/api/advanced-integration/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "//", "/%00"] {
            let received = try await server.get(path)
            #expect(received.status == 404, "\(path)")
            #expect(received.code == "request.unknown-path")
        }
    }

    @Test func `every problem's type leads to its page`() async throws {
        let server = TestServer(token: "secret")
        #expect(try await server.get("/errors/workflow.cycle").status == 200)
        #expect(try await server.get("/errors/nothing.known").status == 404)
        #expect(try await server.get("/errors/..%2f..%2fetc%2fpasswd").status == 404)
    }

    @Test func `another method is refused with those that are possible`() async throws {
        let received = try await TestServer().send(
            .init(method: .delete, path: Self.prefix + "/workflows/abc"))
        #expect(received.status == 405)
        #expect(received.code == "request.wrong-method")
        #expect(received.headers[.allow] == "GET, PUT")
    }

    @Test func `the description lists every endpoint`() async throws {
        let document = try await TestServer().get("/openapi.json").json
        for endpoint in Endpoint.all {
            let path = endpoint.path.replacing(":id", with: "{id}").replacing(":name", with: "{name}")
            let operation = document["paths"]?[path]?[endpoint.method.rawValue.lowercased()]
            #expect(operation?["operationId"]?.string == endpoint.operation, "\(endpoint.path)")
            let places = (operation?["parameters"]?.array ?? []).filter { $0["in"] == "path" }
            #expect(places.map { $0["name"]?.string } == endpoint.captures, "\(endpoint.path)")
        }
    }
}
