import HTTPTypes
import TenonAPI
import TenonJSON
import TenonModel
import Testing

@testable import TenonServer

struct TriggerTests {
    static let path = Endpoint.prefix + "/triggers"

    @Test func `triggers are listed, filtered and shown`() async throws {
        let server = TestServer()
        let list = try await server.get(Self.path + "?projectId=p&definitionId=d&status=active").json
        #expect(list["triggers"]?[0]?["nextTicks"]?[0] == "2026-11-24T02:00:00+01:00")
        var query = TriggerQuery()
        query.project = ProjectID("p")
        query.definition = "d"
        query.status = "active"
        #expect(server.host.calls == ["triggers \(query)"])
        #expect(try await server.get(Self.path + "?status=paused").json["triggers"] == [])
        #expect(try await server.get(Self.path + "/nightly").json["trigger"]?["id"] == "nightly")
        #expect(try await server.get(Self.path + "/unknown").status == 404)
    }

    @Test func `the ledger is beside the triggers, and its filters arrive`() async throws {
        let server = TestServer()
        let query =
            "?triggerId=nightly&projectId=p&definitionId=d&outcome=fired&from=2026-01-01&to=2026-02-01"
            + "&limit=7&cursor=c"
        let received = try await server.get(Self.path + "/ledger" + query).json
        #expect(
            received == ["ledger": [["triggerId": "nightly", "outcome": "fired"]], "nextCursor": "more"])
        var wanted = TriggerLedgerQuery()
        wanted.trigger = TriggerID("nightly")
        wanted.project = ProjectID("p")
        wanted.definition = "d"
        wanted.outcome = "fired"
        (wanted.from, wanted.to) = ("2026-01-01", "2026-02-01")
        (wanted.limit, wanted.cursor) = (7, "c")
        #expect(server.host.calls == ["ledger \(wanted)"])
    }

    @Test(arguments: [
        "?status=running", "/ledger?outcome=done", "/ledger?limit=0", "/ledger?limit=501", "?cursor=x",
    ])
    func `a filter that cannot be is refused`(query: String) async throws {
        let server = TestServer()
        let received = try await server.get(Self.path + query)
        #expect(received.status == 400)
        #expect(received.code == "request.bad-parameter")
    }

    @Test func `a trigger is paused and resumed`() async throws {
        let server = TestServer()
        #expect(try await server.post(Self.path + "/nightly/pause", "").json["trigger"] != nil)
        #expect(try await server.post(Self.path + "/nightly/resume", "").json["trigger"] != nil)
        #expect(server.host.calls == ["pause nightly", "resume nightly"])
        #expect(try await server.post(Self.path + "/unknown/pause", "").status == 404)
        #expect(try await server.get(Self.path + "/nightly/pause").status == 405)
    }

    @Test func `a backfill takes a range, and a repeated request fires nothing again`() async throws {
        let server = TestServer()
        let body = #"{"from": "2026-11-01", "to": "2026-11-08", "dryRun": true}"#
        let key = HTTPFields([HTTPField(name: .idempotencyKey, value: "one")])
        let first = try await server.post(Self.path + "/nightly/backfill", body, key)
        #expect(first.status == 200)
        #expect(first.json["backfill"]?["due"] == 2)
        #expect(try await server.post(Self.path + "/nightly/backfill", body, key).json == first.json)
        #expect(server.host.calls == ["backfill nightly 2026-11-01 2026-11-08 true"])
        #expect(try await server.post(Self.path + "/unknown/backfill", body).status == 404)
    }

    @Test(arguments: [
        ("{}", "/from"), (#"{"from": "2026-11-01"}"#, "/to"), (#"{"from": 1, "to": "x"}"#, "/from"),
        (#"{"from": "a", "to": "b", "dryRun": "yes"}"#, "/dryRun"),
        (#"{"from": "a", "to": "b", "dryrun": true}"#, "/dryrun"),
    ])
    func `a range that is none fires nothing`(body: String, pointer: String) async throws {
        let server = TestServer()
        let received = try await server.post(Self.path + "/nightly/backfill", body)
        #expect(received.status == 422)
        #expect(received.code == "request.wrong-body")
        #expect(received.json["errors"]?[0]?["pointer"]?.string == pointer)
        #expect(server.host.calls.isEmpty)
    }
}
