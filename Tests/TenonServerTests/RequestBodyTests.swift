import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

/// What no route takes, whatever it is about: every endpoint with a JSON body is asked.
struct RequestBodyTests {
    private static let bodies: [(text: String, code: String)] = [
        ("{", "request.malformed-json"), ("{} {}", "request.malformed-json"),
        (#"{"name": "a", "name": "b"}"#, "request.malformed-json"),
        (#"{"a": {"b": [{"c": 1, "c": 1}]}}"#, "request.malformed-json"),
        (#"{"a": 1, "\u0061": 2}"#, "request.malformed-json"),
        (#"{"name": "\ud800"}"#, "request.malformed-json"),
        (#"{"name": "\udc00\ud800"}"#, "request.malformed-json"),
        (#"{"\udfff": 1}"#, "request.malformed-json"),
        ("{\"a\": \"\u{1}\"}", "request.malformed-json"), (#"{"a": 01}"#, "request.malformed-json"),
        (#"{"a": NaN}"#, "request.malformed-json"), (#"{"a": 1,}"#, "request.malformed-json"),
        (#"{"a": "# + nested(64) + "}", "request.too-deep"), ("[]", "request.wrong-body"),
        ("\"text\"", "request.wrong-body"),
    ]

    private static func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    private static var endpoints: [Endpoint] {
        Endpoint.all.filter { endpoint in
            switch endpoint.body {
            case .json, .optionalJSON: true
            case .none, .file: false
            }
        }
    }

    @Test func `no route takes a body that is no JSON, has a key twice, or half a surrogate pair`()
        async throws
    {
        #expect(Self.endpoints.count >= 11)
        for endpoint in Self.endpoints {
            for (body, code) in Self.bodies {
                let server = TestServer()
                let received = try await server.send(
                    .init(method: endpoint.method.http, path: endpoint.path(id: "x", name: "y"), body: body))
                #expect(received.code == code, "\(endpoint.operation): \(body.prefix(40))")
                #expect(received.status == (code == "request.wrong-body" ? 422 : 400))
                #expect(server.host.calls.isEmpty, "\(endpoint.operation): \(body.prefix(40))")
            }
        }
    }

    @Test func `bytes that are no UTF-8 are refused`() async throws {
        let server = TestServer()
        var sent = TestServer.Sent(method: .post, path: Endpoint.createWorkflow.path)
        sent.bytes = Array(#"{"name": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        #expect(try await server.send(sent).code == "request.malformed-json")
        sent.bytes = Array(#"{"name": ""#.utf8) + [0xED, 0xA0, 0x80] + Array(#""}"#.utf8)
        #expect(try await server.send(sent).code == "request.malformed-json")
    }

    @Test func `every route has the limit on the size of a body`() async throws {
        let length = HTTPFields([
            HTTPField(name: .contentLength, value: String(Limits.requestBodyBytes + 1))
        ])
        for endpoint in Self.endpoints {
            let received = try await TestServer().send(
                .init(
                    method: endpoint.method.http, path: endpoint.path(id: "x", name: "y"), body: "{}",
                    headers: length))
            #expect(received.code == "request.too-large", "\(endpoint.operation)")
        }
    }

    @Test func `a body of more values than are taken is too large`() async throws {
        let many = String(repeating: "0,", count: Limits.jsonValues) + "0"
        let server = TestServer()
        let received = try await server.send(
            .init(method: .post, path: Endpoint.createWorkflow.path, body: "{\"a\": [\(many)]}"))
        #expect(received.code == "request.too-large")
        #expect(received.status == 413)
        #expect(server.host.calls.isEmpty)
    }
}
