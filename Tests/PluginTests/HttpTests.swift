import Foundation
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@Suite(.serialized)
struct HttpTests {
    private let server: APIServer
    private let plugin: Plugin

    init() throws {
        server = try APIServer()
        plugin = try Plugin(
            PluginLibrary.http,
            [
                "baseUrl": .string("http://127.0.0.1:\(server.port)"), "version": "v2", "apiKey": "secret",
                "headers": ["X-Version": "{{version}}"], "timeout": 700,
                "streams": [
                    "designs": "/designs", "nested": ["endpoint": "/nested", "recordsPath": "data.items"],
                ],
            ])
    }

    private func request(_ method: String, _ endpoint: String) -> JSON {
        ["method": .string(method), "endpoint": .string(endpoint)]
    }

    // MARK: request

    @Test func `a request carries body, query, configured headers, key and trace`() throws {
        let answer = try plugin.invoke(
            "request",
            [
                "method": "POST", "endpoint": "/echo/a b%20c", "query": ["q": "a&b", "n": [1, 2]],
                "data": ["x": [1, nil]],
            ], key: "key-1")
        #expect(answer["status"] == 200)
        #expect(answer["headers"]?["content-type"] == "application/json")
        let echo = try #require(answer["body"])
        #expect(echo["path"] == "/echo/a%20b%20c?q=a%26b&n=1&n=2")
        #expect(echo["body"] == #"{"x":[1,null]}"#)
        let headers = try #require(echo["headers"])
        #expect(headers["idempotency-key"] == "key-1")
        #expect(headers["traceparent"] == "00-trace")
        #expect(headers["x-api-key"] == "secret")
        #expect(headers["x-version"] == "v2")
    }

    @Test func `a read carries no idempotency key, and text stays text`() throws {
        let echo = try plugin.invoke("request", request("GET", "/echo"), key: "key-1")["body"]
        #expect(echo?["headers"]?["idempotency-key"] == nil)
        #expect(try plugin.invoke("request", request("GET", "/text"))["body"] == "12")
    }

    @Test(arguments: [
        (400, CallStatus.badData, ErrorClass.data, Effect.notApplied),
        (401, .unauthenticated, .config, .notApplied), (403, .permissionDenied, .config, .notApplied),
        (404, .notFound, .config, .notApplied), (408, .timeout, .transient, .notApplied),
        (409, .conflict, .data, .notApplied), (429, .rateLimited, .transient, .notApplied),
        (500, .unavailable, .transient, .unknown), (503, .unavailable, .transient, .notApplied),
    ])
    func `a status of 400 and above fails with its class`(
        code: Int, status: CallStatus, errorClass: ErrorClass, effect: Effect
    ) throws {
        let failure = try plugin.failure("request", request("POST", "/status/\(code)"))
        #expect(failure.status == status)
        #expect(failure.errorClass == errorClass)
        #expect(failure.effect == effect)
        #expect(failure.vendorCode == Int32(code))
        #expect(failure.retryAfterMilliseconds == 3000)
    }

    @Test func `successStatus decides what is a success`() throws {
        var input = try #require(request("GET", "/status/404").object)
        input["successStatus"] = [200, "4xx"]
        #expect(try plugin.invoke("request", .object(input))["status"] == 404)
        input["successStatus"] = 201
        input["endpoint"] = "/echo"
        #expect(try plugin.failure("request", .object(input)).status == .badData)
    }

    @Test func `credentials go to no other server`() throws {
        let near = try plugin.invoke("request", request("GET", "/near"))["body"]?["headers"]
        #expect(near?["x-api-key"] == "secret")
        let far = try plugin.invoke("request", request("GET", "/far"))["body"]?["headers"]
        #expect(far != nil)
        #expect(far?["x-api-key"] == nil)
        #expect(far?["x-version"] == nil)
        let elsewhere = try plugin.failure("request", request("GET", "http://example.com/"))
        #expect(elsewhere.status == .invalidArgument)
    }

    @Test func `line breaks in headers are refused`() throws {
        let input: JSON = ["endpoint": "/echo", "headers": ["X-A": "1\r\nX-B: 2"]]
        let failure = try plugin.failure("request", input)
        #expect(failure.status == .invalidArgument)
        #expect(failure.fieldPath == "/headers")
    }

    @Test func `nothing was changed where nobody listens, and nobody knows after a timeout`() throws {
        let closed = try Plugin(PluginLibrary.http, ["baseUrl": "http://127.0.0.1:1"])
        let refused = try closed.failure("request", request("POST", "/x"))
        #expect(refused.status == .unavailable)
        #expect(refused.effect == .notApplied)
        let late = try plugin.failure("request", request("POST", "/slow"))
        #expect(late.status == .timeout)
        #expect(late.effect == .unknown)
    }

    @Test func `a write goes out once, also where an open connection breaks before the answer`() throws {
        try plugin.invoke("request", request("GET", "/echo"))
        let input: JSON = ["method": "POST", "endpoint": "/vanish", "data": ["a": 1]]
        let failure = try plugin.failure("request", input)
        #expect(failure.status == .unavailable)
        #expect(failure.effect == .unknown)
        try plugin.invoke("request", request("GET", "/echo"))
        #expect(try plugin.failure("request", request("POST", "/vanish")).effect == .unknown)
        #expect(try plugin.invoke("request", request("GET", "/vanished"))["body"] == 2)
    }

    @Test func `credentials have no place in baseUrl`() throws {
        #expect(throws: CallFailure.self) {
            _ = try Plugin(PluginLibrary.http, ["baseUrl": "http://user:secret@127.0.0.1:1"])
        }
    }

    // MARK: source

    @Test func `an array is read and goes on after every checkpoint`() throws {
        let all = try plugin.read(["stream": "designs", "batchBytes": 20_000])
        #expect(all.failure == nil)
        #expect(all.records.count == 5000)
        #expect(all.records[7] == ["id": 7, "name": #"design "7" [{"#])
        for position in all.checkpoints.prefix(4) {
            let rest = try plugin.read(["stream": "designs"], checkpoint: position)
            let count = try Int(#require(JSONParser.parse(position)["records"]?.int))
            #expect(rest.records == Array(all.records[count...]))
        }
    }

    @Test func `records are found where recordsPath says`() throws {
        let reading = try plugin.read(["stream": "nested"])
        #expect(reading.failure == nil)
        #expect(reading.records.map { $0["a"] } == ["]}", .null])
    }

    @Test func `an answer that breaks off is an error that counts the records`() throws {
        let cut = try #require(try plugin.read(["stream": "/cut"]).failure)
        #expect(cut.status == .unavailable)
        #expect(cut.message.contains("broke off after 25"))
        let broken = try #require(try plugin.read(["stream": "/broken"]).failure)
        #expect(broken.status == .badData)
        #expect(broken.message.contains("ends in the middle"))
        #expect(try plugin.read(["stream": "/status/404"]).failure?.status == .notFound)
        #expect(try plugin.read(["stream": "/echo"]).failure?.message.contains("recordsPath") == true)
    }
}
