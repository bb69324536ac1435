import Foundation
import TenonColumns
import TenonModel
import TenonTestKit
import TenonTransport
import Testing

@testable import TenonConnectors

/// What a hostile cell does, and the rule by which the host ends it.
struct HostileDeed: Sendable, CustomTestStringConvertible {
    var name: String
    var rule: ProtocolViolation
    /// Bytes of a proper batch that are changed: where, and into what.
    var patch: (offset: Int, bytes: [UInt8])?
    var testDescription: String { name }

    init(_ name: String, _ rule: ProtocolViolation, at offset: Int? = nil, _ bytes: [UInt8] = []) {
        self.name = name
        self.rule = rule
        patch = offset.map { ($0, bytes) }
    }

    static let atStart = [
        HostileDeed("hello-magic", .helloMagic), HostileDeed("hello-build", .helloBuild),
        HostileDeed("hello-format", .frameFormat), HostileDeed("hello-kind", .frameKind),
        HostileDeed("hello-oversize", .frameLength), HostileDeed("hello-out-of-order", .frameUnexpected),
        HostileDeed("ready-cut", .frameBody), HostileDeed("ready-count", .itemCount),
        HostileDeed("ready-utf8", .textEncoding), HostileDeed("ready-left-over", .frameBody),
    ]

    static let inCall = [
        HostileDeed("reply-format", .frameFormat), HostileDeed("reply-kind", .frameKind),
        HostileDeed("reply-length", .frameLength), HostileDeed("reply-call-id", .frameCall),
        HostileDeed("reply-descriptors", .frameDescriptors), HostileDeed("reply-cut", .frameTruncated),
        HostileDeed("reply-wrong-direction", .frameUnexpected),
        HostileDeed("reply-stream-frame", .frameUnexpected),
        HostileDeed("failure-status-ok", .resultStatus), HostileDeed("failure-status-unknown", .resultStatus),
        HostileDeed("failure-cut", .frameBody), HostileDeed("failure-left-over", .frameBody),
        HostileDeed("failure-utf8", .textEncoding), HostileDeed("items-count", .itemCount),
        HostileDeed("items-cut", .frameBody), HostileDeed("control-chatter", .frameUnexpected),
        HostileDeed("state-key", .stateKey), HostileDeed("state-operation", .frameBody),
        HostileDeed("state-flood", .stateFlood), HostileDeed("log-content", .logContent),
        HostileDeed("log-dropped", .logContent),
    ]

    static let inStream = [
        HostileDeed("batch-before-schema", .streamOrder), HostileDeed("schema-twice", .streamOrder),
        HostileDeed("schema-not-json", .batchSchema), HostileDeed("ring-position", .ringPosition),
        HostileDeed("ring-position-huge", .ringPosition), HostileDeed("ring-empty", .ringLength),
        HostileDeed("ring-too-long", .ringLength), HostileDeed("ring-content", .ringLength),
        HostileDeed("ring-message-cut", .frameBody), HostileDeed("rejected-row", .rejectedRow),
        HostileDeed("rejected-count", .itemCount), HostileDeed("checkpoint-length", .frameLength),
        HostileDeed("skipped-negative", .frameBody), HostileDeed("skipped-many", .frameBody),
        HostileDeed("skipped-in-all", .frameBody), HostileDeed("progress-cut", .frameBody),
        HostileDeed("stream-output", .frameUnexpected), HostileDeed("stream-call-id", .frameCall),
        HostileDeed("batch-zeros", .batchContent), HostileDeed("batch-cut", .batchContent),
        HostileDeed("batch-format", .batchContent, at: 0, [9]),
        HostileDeed("batch-column-count", .batchContent, at: 4, [3]),
        HostileDeed("batch-row-count", .batchContent, at: 8, [0, 0, 0, 0, 0, 1]),
        HostileDeed("batch-length", .batchContent, at: 16, [0xFF, 0xFF, 0xFF]),
        HostileDeed("batch-type", .batchContent, at: 24, [13]),
        HostileDeed("batch-null-count", .batchContent, at: 32, [2]),
        HostileDeed(
            "batch-values-length", .batchContent, at: 48, [0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        HostileDeed("batch-offset-backwards", .batchContent, at: 132, [0xFF, 0xFF, 0xFF, 0xFF]),
        HostileDeed("batch-offset-beyond", .batchContent, at: 140, [0x0F, 0x27, 0, 0]),
        HostileDeed("batch-utf8", .batchContent, at: 144, [0xFF]),
    ]
}

@Suite struct HostileCellTests {
    private let directory = TemporaryDirectory()

    /// A cell program that does the deed: a script, so that the deed is an argument.
    private func cell(_ deed: HostileDeed) throws -> String {
        let batchPath = directory.file("batch")
        try Data(Self.batchBytes(deed)).write(to: URL(fileURLWithPath: batchPath))
        let script = """
            #!/bin/sh
            exec "\(Fixtures.program("HostileCell/hostile.c"))" "\(deed.name)" "\(BuildIdentity.text)" "\(batchPath)"
            """
        let path = directory.file("cell")
        try Data(script.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Three rows of id and name as the wire has them, with the deed's change.
    private static func batchBytes(_ deed: HostileDeed) -> [UInt8] {
        let id = ColumnBuilder(.int64)
        let name = ColumnBuilder(.utf8)
        for row in 0..<3 {
            withUnsafeBytes(of: Int64(row).littleEndian) { _ = id.append($0) }
            _ = name.append("row \(row)")
        }
        let schema = Schema([Field("id", .int64, isNullable: false), Field("name", .utf8)])
        let batch = Batch(schema: schema, columns: [id.finish(), name.finish()], rowCount: 3)
        var bytes = [UInt8](repeating: 0, count: BatchWire.encodedByteCount(batch))
        let count = bytes.withUnsafeMutableBytes { BatchWire.encode(batch, into: $0) }
        bytes.removeLast(bytes.count - count)
        if let patch = deed.patch {
            bytes.replaceSubrange(patch.offset..<(patch.offset + patch.bytes.count), with: patch.bytes)
        }
        return bytes
    }

    private func check(_ failure: CallFailure?, _ deed: HostileDeed) {
        #expect(failure?.status == .unavailable)
        #expect(failure?.errorClass == .transient)
        #expect(
            failure?.detailsJSON.contains("\"violation\":\"\(deed.rule.rawValue)\"") == true,
            "\(String(describing: failure))")
    }

    /// The host itself still runs connectors.
    private func checkHostGoesOn() throws {
        try CellBench.run("misbehave") { bench in #expect(bench.echoes("1")) }
    }

    @Test(arguments: HostileDeed.atStart)
    func `a cell that breaks the handshake is ended`(deed: HostileDeed) throws {
        let bench = CellBench("misbehave", cellPath: try cell(deed))
        do throws(CallFailure) {
            try bench.connection.start()
            Issue.record("it started")
        } catch {
            check(error, deed)
        }
    }

    @Test(arguments: HostileDeed.inCall)
    func `a cell that breaks the protocol in a call is ended`(deed: HostileDeed) throws {
        let bench = CellBench("misbehave", cellPath: try cell(deed))
        try bench.connection.start()
        defer { bench.connection.stop() }
        check(bench.failure("echo"), deed)
    }

    @Test(arguments: HostileDeed.inStream)
    func `a cell that breaks the protocol in a stream is ended`(deed: HostileDeed) throws {
        let bench = CellBench("misbehave", cellPath: try cell(deed))
        try bench.connection.start()
        defer { bench.connection.stop() }
        let reader = try bench.connection.openReader(ReadRequest(requestJSON: Array("{}".utf8)))
        defer { reader.close() }
        do throws(CallFailure) {
            while try reader.next() != nil {}
            Issue.record("it was read to the end")
        } catch {
            check(error, deed)
        }
    }

    @Test func `an answer given twice ends the cell, and the next call is served by a new one`() throws {
        let bench = CellBench("misbehave", cellPath: try cell(HostileDeed("reply-twice", .frameUnexpected)))
        try bench.connection.start()
        defer { bench.connection.stop() }
        let before = bench.processID
        _ = bench.result("echo")
        #expect(bench.waitUntil { bench.processID != before && bench.processID != 0 })
    }

    @Test func `after all of that the host goes on`() throws { try checkHostGoesOn() }
}
