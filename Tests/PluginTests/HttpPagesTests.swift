import Foundation
import Synchronization
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Pages, lines and rate limits of the http source, on a real server.
@Suite(.serialized)
struct HttpPagesTests {
    private let server: APIServer

    init() throws { server = try APIServer() }

    private func plugin(_ pagination: JSON, recordsPath: String = "") throws -> Plugin {
        try server.plugin(["pagination": pagination, "recordsPath": .string(recordsPath)])
    }

    private func ids(_ reading: Plugin.Reading) -> [Int64?] { reading.records.map { $0["id"]?.int } }

    /// Configuration, path and where the records are.
    static let ways: [(JSON, String, String)] = [
        (["type": "link"], "/pages/link", ""),
        (["type": "page", "size": 3, "sizeParameter": "per_page"], "/pages/number", ""),
        (["type": "page"], "/pages/number?page=9&x=1", ""),
        (["type": "page"], "/pages/empty", ""),
        (["type": "page", "size": 3], "/pages/capped", ""),
        (["type": "link"], "/pages/token?token=s3cret", ""),
        (["type": "cursor", "cursorPath": "meta.next"], "/pages/cursor?token=s3cret", "data.items"),
        (["type": "offset", "size": 3, "sizeParameter": "limit"], "/pages/offset", ""),
        (["type": "cursor", "cursorPath": "meta.next"], "/pages/cursor", "data.items"),
        (["type": "nextUrl", "nextUrlPath": "/meta/next"], "/pages/url", "/data/items"),
    ]

    @Test(arguments: ways)
    func `all pages are read, and reading goes on after every checkpoint`(
        pagination: JSON, path: String, recordsPath: String
    ) throws {
        let plugin = try plugin(pagination, recordsPath: recordsPath)
        let expected: [Int64?] = path == "/pages/empty" ? [1, 2, 3, 4, 5, 6] : [1, 2, 3, 4, 5, 6, 7]
        let all = try plugin.read(["stream": .string(path)])
        #expect(all.failure == nil)
        #expect(ids(all) == expected)
        #expect(all.checkpoints.count >= 3)
        for (position, count) in zip(all.checkpoints, all.recordsAtCheckpoints) {
            #expect(!String(decoding: position, as: UTF8.self).contains("s3cret"))
            let rest = try plugin.read(["stream": .string(path)], checkpoint: position)
            #expect(rest.failure == nil)
            #expect(ids(rest) == Array(expected[count...]), "\(String(decoding: position, as: UTF8.self))")
        }
        let limited = try plugin.read(["stream": .string(path), "limit": 4])
        #expect(ids(limited) == [1, 2, 3, 4])
        let position = try #require(limited.checkpoints.first)
        let rest = try plugin.read(["stream": .string(path), "limit": 4], checkpoint: position)
        #expect(ids(rest) == Array([1, 2, 3, 4].dropFirst(limited.recordsAtCheckpoints[0])))
    }

    @Test func `a page number replaces the one of the endpoint and keeps the rest of its query`() throws {
        _ = try plugin(["type": "page"]).read(["stream": "/pages/number?page=9&x=a%20b"])
        #expect(try server.notes("/asked").first == "/pages/number?x=a%20b&page=1")
    }

    @Test func `maxPages ends a stream, and a short page where that is said`() throws {
        let two = try plugin(["type": "link", "maxPages": 2]).read(["stream": "/pages/link"])
        #expect(ids(two) == [1, 2, 3, 4, 5, 6])
        _ = try plugin(["type": "page", "size": 3, "shortPageIsLast": true]).read(["stream": "/pages/number"])
        #expect(try server.notes("/asked").filter { $0.string?.contains("number") == true }.count == 3)
    }

    @Test func `pages that lead in a circle are an error`() throws {
        let loop = try plugin(["type": "cursor", "cursorPath": "meta.next"], recordsPath: "data.items")
            .read(["stream": "/pages/loop"])
        #expect(loop.failure?.status == .badData)
        #expect(loop.failure?.message.contains("never end") == true)
        #expect(ids(loop) == [1, 2, 3, 4, 5, 6])
        let stuck = try plugin(["type": "page"]).read(["stream": "/pages/stuck"])
        #expect(stuck.failure?.message.contains("seems not to know \"page\"") == true)
        let one = try plugin(["type": "page"]).read(["stream": "/pages/one"])
        #expect(one.failure?.message.contains("seems not to know \"page\"") == true)
        let equal = try plugin(["type": "page", "allowEqualPages": true, "maxPages": 5])
            .read(["stream": "/pages/one"])
        #expect(equal.failure == nil)
        #expect(ids(equal) == [1, 1, 1, 1, 1])
    }

    @Test func `a next page on another server is refused, or read without credentials`() throws {
        let refused = try plugin(["type": "link"]).read(["stream": "/pages/away"])
        #expect(refused.failure?.status == .permissionDenied)
        #expect(ids(refused) == [1, 2, 3])
        let foreign = Array(#"{"url":"http://localhost:\#(server.port)/pages/link"}"#.utf8)
        let resumed = try plugin(["type": "link"]).read(["stream": "/pages/link"], checkpoint: foreign)
        #expect(resumed.failure?.status == .permissionDenied)
        let followed = try plugin(["type": "link", "followOtherOrigins": true]).read(["stream": "/pages/away"]
        )
        #expect(followed.failure == nil)
        #expect(ids(followed).prefix(6) == [1, 2, 3, 4, 5, 6])
    }

    @Test func `what cannot page is refused with the configuration`() throws {
        let wrong: [JSON] = [
            ["type": "cursor"], ["type": "nextUrl", "nextUrlPath": "next"], ["type": "offset"], ["type": "?"],
        ]
        for pagination in wrong {
            #expect(throws: CallFailure.self) { try plugin(pagination) }
        }
    }

    // MARK: records

    @Test func `records that are no objects are rejected in their place`() throws {
        let mixed = try server.plugin([:]).read(["stream": "/mixed"])
        #expect(ids(mixed) == [1, 4])
        #expect(mixed.rejected.map(\.row) == [1, 2, 4])
        #expect(mixed.rejected.first?.reason.contains("record 2 of http") == true)
    }

    @Test func `lines are records, and a broken one does not spoil the next`() throws {
        let lines = try server.plugin(["format": "ndjson"]).read(["stream": "/lines"])
        #expect(lines.failure == nil)
        #expect(ids(lines) == [1, 4, 5])
        #expect(lines.rejected.count == 2)
    }

    @Test(arguments: [("/mark", "ndjson"), ("/mark/array", "json")])
    func `a byte order mark is no part of the first record`(path: String, format: String) throws {
        let reading = try server.plugin(["format": .string(format)]).read(["stream": .string(path)])
        #expect(reading.failure == nil)
        #expect(ids(reading) == [1, 2])
        #expect(reading.rejected.isEmpty)
    }

    // MARK: rate limits

    @Test(arguments: ["/limits/seconds/1", "/limits/date/1", "/limits/bare/2"])
    func `the source comes again when it is asked to`(path: String) throws {
        let reading = try server.plugin([:]).read(["stream": .string(path)])
        #expect(reading.failure == nil)
        #expect(ids(reading) == [1])
    }

    @Test func `a wait beyond the limits is the host's`() throws {
        let long = try server.plugin([:]).read(["stream": "/limits/hour/1"])
        #expect(long.failure?.status == .rateLimited)
        #expect(long.failure?.retryAfterMilliseconds == 3_600_000)
        let often = try server.plugin(["rateLimit": ["maxRetries": 1]]).read(["stream": "/limits/bare/5"])
        #expect(often.failure?.status == .unavailable)
        #expect(try server.notes("/asked").count == 3)
    }

    @Test(arguments: ["old", "seconds", "draft", "list", "date", "zone"])
    func `when no request is left, none is made`(form: String) throws {
        let plugin = try plugin(["type": "page"])
        let reading = try plugin.read(["stream": .string("/budgets/\(form)")])
        #expect(ids(reading) == [1, 2, 3])
        #expect(reading.failure?.status == .rateLimited)
        #expect((3_500_000...3_600_000).contains(reading.failure?.retryAfterMilliseconds ?? 0))
        let position = try #require(reading.checkpoints.last)
        #expect(try JSONParser.parse(position)["number"] == 2)
        #expect(try plugin.failure("request", ["endpoint": "/echo"]).status == .rateLimited)
    }

    @Test func `requests keep their distance, and a cancel ends the wait`() throws {
        let plugin = try server.plugin([
            "pagination": ["type": "link"], "rateLimit": ["requestsPerSecond": 0.02],
        ])
        let reader = try plugin.connection.openReader(
            ReadRequest(requestJSON: Array(#"{"stream":"/pages/link"}"#.utf8)))
        defer { reader.close() }
        _ = try reader.next()
        // A cancel counts for the call that is running, so it is repeated until there was one.
        let isOver = Over()
        Thread.detachNewThread {
            while !isOver.value.load(ordering: .relaxed) {
                reader.cancel()
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
        defer { isOver.value.store(true, ordering: .relaxed) }
        let failure = #expect(throws: CallFailure.self) {
            while try reader.next() != nil {}
        }
        #expect(failure?.status == .cancelled)
        #expect(try server.notes("/asked").count == 1)
    }
}

private final class Over: Sendable {
    let value = Atomic(false)
}
