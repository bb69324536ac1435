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

    @Test func `sources that hang leave threads to other requests, and to explanations afterwards`()
        async throws
    {
        let server = TestServer()
        let path = Self.pipelines + "/hanging/explain"
        let waiting = (0..<ExplanationPlaces.count).map { _ in Task { try await server.get(path).status } }
        while server.host.lookCount < waiting.count { try await Task.sleep(for: .milliseconds(2)) }
        let refused = try await server.get(path)
        #expect(refused.status == 503 && refused.code == "pipeline.too-many-explanations")
        #expect(try await server.get(Self.pipelines + "/p-1").status == 200)
        server.host.finish()
        for task in waiting { #expect(try await task.value == 200) }
        #expect(try await server.get(path).status == 200)
    }

    @Test func `the description says what executions and events carry`() async throws {
        let document = try await TestServer().get("/openapi.json").json
        let schemas = document["components"]?["schemas"]
        for field in ["attempts", "guarantee", "bottleneck", "durationMs", "recordsPerSecond", "checkpoint"] {
            #expect(schemas?["Execution"]?["properties"]?[field]?["type"] != nil, "\(field)")
        }
        for field in ["error", "checkpoint", "bottleneck", "guarantee"] {
            #expect(schemas?["Execution"]?["properties"]?[field]?["type"]?[1] == "null", "\(field)")
        }
        for field in ["done", "etaSeconds", "recordsPerSecond", "bottleneck", "guarantee", "checkpoint"] {
            #expect(schemas?["ExecutionProgress"]?["properties"]?[field]?["type"]?[1] == "null", "\(field)")
        }
        for field in ["filtered", "recordsPerSecond"] {
            #expect(schemas?["Stage"]?["properties"]?[field]?["type"] == ["integer", "null"], "\(field)")
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
