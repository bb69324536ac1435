import HTTPTypes
import TenonAPI
import TenonJSON
import Testing

@testable import TenonServer

struct ExplainTests {
    static let pipelines = Endpoint.prefix + "/pipelines"

    @Test func `a saved pipeline is explained by GET and by POST`() async throws {
        let server = TestServer()
        for received in [
            try await server.get(Self.pipelines + "/p-1/explain"),
            try await server.post(Self.pipelines + "/p-1/explain", ""),
        ] {
            #expect(received.status == 200)
            #expect(received.json == ["explanation": ["text": "plan of p-1"]])
        }
    }

    @Test func `a definition that is not saved is explained, a wrong one refused with its places`()
        async throws
    {
        let server = TestServer()
        let explained = try await server.post(Self.pipelines + "/explain", #"{"stages": []}"#)
        #expect(explained.json["explanation"]?["text"] == "plan")
        let refused = try await server.post(Self.pipelines + "/explain", "{}")
        #expect(refused.status == 422)
        #expect(refused.json["errors"]?[0]?["pointer"] == "/stages")
        #expect(try await server.post(Self.pipelines + "/explain", "[").status == 400)
        #expect(server.host.calls.isEmpty)
    }

    @Test func `the description says what executions and events carry`() async throws {
        let document = try await TestServer().get("/openapi.json").json
        let schemas = document["components"]?["schemas"]
        for field in ["attempts", "guarantee", "bottleneck", "durationMs", "recordsPerSecond", "checkpoint"] {
            #expect(schemas?["Execution"]?["properties"]?[field]?["type"] != nil, "\(field)")
        }
        #expect(schemas?["Stage"]?["properties"]?["pushedDown"]?["type"] == "boolean")
        let stages = schemas?["Execution"]?["properties"]?["stages"]
        #expect(stages?["items"]?["$ref"] == "#/components/schemas/Stage")
        let paths = document["paths"]
        let get = paths?[Endpoint.prefix + "/executions/{id}"]?["get"]
        let body = get?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
        #expect(body?["properties"]?["execution"]?["$ref"] == "#/components/schemas/Execution")
        let events = paths?[Endpoint.prefix + "/executions/{id}/events"]?["get"]
        #expect(events?["responses"]?["200"]?["content"]?["text/event-stream"] != nil)
    }
}
