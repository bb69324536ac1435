import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

struct BadRequestTests {
    static let workflows = Endpoint.prefix + "/workflows"

    @Test(arguments: [
        ("{", "request.malformed-json", 400), ("", "request.malformed-json", 400),
        ("{\"a\":1,\"a\":2}", "request.malformed-json", 400),
        ("{\"a\":\"\\ud800\"}", "request.malformed-json", 400),
        (String(repeating: "[", count: 65), "request.too-deep", 400), ("[]", "request.wrong-body", 422),
        ("7", "request.wrong-body", 422), ("{}", "workflow.invalid", 422),
    ])
    func `a body that cannot be read is refused`(body: String, code: String, status: Int) async throws {
        let server = TestServer()
        let received = try await server.post(Self.workflows, body)
        #expect(received.code == code)
        #expect(received.status == status)
        #expect(received.headers[.contentType] == "application/problem+json")
        #expect(server.host.calls.isEmpty)
    }

    @Test func `a problem document names the place of each mistake`() async throws {
        let problem = try await TestServer().post(Self.workflows, "{}").json
        #expect(problem["errors"]?[0]?["pointer"] == "/steps")
        for member in ["type", "title", "status", "detail", "code"] { #expect(problem[member] != nil) }
    }

    @Test func `a body above the limit is refused, announced or not`() async throws {
        let large = String(repeating: " ", count: Limits.requestBodyBytes + 1)
        let server = TestServer()
        #expect(try await server.post(Self.workflows, large).code == "request.too-large")
        let announced = try await server.post(
            Self.workflows, "{}", [.contentLength: String(Limits.requestBodyBytes + 1)])
        #expect(announced.status == 413)
    }

    @Test(arguments: ["limit=0", "limit=501", "limit=x", "cursor=-1", "cursor=x", "limit=%zz"])
    func `a parameter that cannot be is refused`(query: String) async throws {
        let received = try await TestServer().get(Endpoint.prefix + "/packages?" + query)
        #expect(received.status == 400)
        #expect(received.code == "request.bad-parameter")
    }

    @Test(arguments: ["wait=-1", "wait=x", "wait=nan", "wait=inf"])
    func `a wait that cannot be starts nothing`(query: String) async throws {
        let server = TestServer()
        let received = try await server.post(Self.workflows + "/w/execute?" + query, "{}")
        #expect(received.status == 400)
        #expect(server.host.calls.isEmpty)
    }

    @Test func `a list comes in pages`() async throws {
        let server = TestServer()
        var cursor: String?
        var items: [JSON] = []
        repeat {
            let query = "?limit=3" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = Page(
                try await server.get(Endpoint.prefix + "/packages" + query).json, named: "packages")
            #expect(page.items.count <= 3)
            items += page.items
            cursor = page.nextCursor
        } while cursor != nil
        #expect(items == (0..<7).map { .int($0) })
    }
}
