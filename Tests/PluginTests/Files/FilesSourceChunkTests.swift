import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Large files: parsed in parts, continued from checkpoints, packed, changed.
@Suite(.serialized)
struct FilesSourceChunkTests {
    /// A part is 4 KiB.
    private static let request: JSON = ["stream": "t.csv", "batchBytes": 4096]
    private static let rowCount = 3000

    /// Rows whose texts hold quotes, delimiters and many lines, so that most borders of parts lie in some.
    private static func rows(seed: UInt64) -> [(id: Int, text: String)] {
        var random = SplitMix(seed: seed)
        return (0..<rowCount).map { id in
            let lines = (0..<Int(random.next() % 6)).map { line in
                switch random.next() % 4 {
                case 0: "\(line),\"quoted\",x"
                case 1: "7,seven"
                case 2: String(repeating: "ä", count: Int(random.next() % 40))
                default: ""
                }
            }
            return (id, lines.joined(separator: random.next() % 2 == 0 ? "\n" : "\r\n"))
        }
    }

    private static func csv(_ rows: [(id: Int, text: String)]) -> String {
        "id,text\n" + rows.map { "\($0.id),\"\($0.text.replacing("\"", with: "\"\""))\"\n" }.joined()
    }

    private static func records(_ rows: [(id: Int, text: String)]) -> [JSON] {
        rows.map { ["id": .int(Int64($0.id)), "text": .string($0.text)] }
    }

    @Test(arguments: [1, 2, 4])
    func `a file in parts is the same as the whole, wherever the borders fall`(threads: Int) throws {
        let folder = try FilesFolder([("parallelism", .int(Int64(threads)))])
        for seed: UInt64 in 1...3 {
            let rows = Self.rows(seed: seed)
            folder.put("t.csv", Self.csv(rows))
            let reading = try folder.read(Self.request)
            #expect(reading.failure == nil)
            #expect(reading.rejected.isEmpty)
            #expect(reading.records == Self.records(rows))
            #expect(reading.checkpoints.count > 20)
        }
    }

    @Test(arguments: ["t.csv", "t.csv.gz"])
    func `reading goes on from every checkpoint`(stream: String) throws {
        let folder = try FilesFolder()
        let rows = Self.rows(seed: 9)
        let expected = Self.records(rows)
        folder.put("t.csv", Self.csv(rows))
        if stream.hasSuffix(".gz") { try pack(folder.directory.file("t.csv")) }
        let request: JSON = ["stream": .string(stream), "batchBytes": 4096, "limit": 2500]
        let reading = try folder.read(request)
        #expect(reading.failure == nil)
        #expect(reading.records == Array(expected.prefix(2500)))
        for index in stride(from: 0, to: reading.checkpoints.count, by: 7) {
            let rest = try folder.read(request, checkpoint: reading.checkpoints[index])
            #expect(rest.failure == nil)
            #expect(rest.records == Array(expected[reading.recordsAtCheckpoints[index]..<2500]))
        }
    }

    @Test func `a place in a file is its line in the whole file`() throws {
        let folder = try FilesFolder([("types", ["id": "int64"])])
        var rows = Self.rows(seed: 4).map { (id: String($0.id), text: $0.text) }
        let bad = [500, 1777, 2999]
        for row in bad { rows[row].id = "x" }
        let text =
            "id,text\n" + rows.map { "\($0.id),\"\($0.text.replacing("\"", with: "\"\""))\"\n" }.joined()
        folder.put("t.csv", text)
        let reading = try folder.read(Self.request)
        #expect(reading.records.count == Self.rowCount - bad.count)
        let expected = bad.map { row in
            1 + rows[..<row].reduce(1) { $0 + 1 + $1.text.utf8.count { $0 == 0x0A } }
        }
        #expect(reading.rejected.count == bad.count)
        for (reject, line) in zip(reading.rejected, expected) {
            #expect(reject.reason.hasPrefix("t.csv, line \(line), column 1: "), "\(reject.reason)")
        }
    }

    @Test func `a file that changed since the checkpoint is refused`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", Self.csv(Self.rows(seed: 1)))
        let checkpoint = try #require(try folder.read(Self.request).checkpoints.dropFirst(3).first)
        folder.put("t.csv", Self.csv(Self.rows(seed: 2)))
        let reading = try folder.read(Self.request, checkpoint: checkpoint)
        #expect(reading.failure?.message.contains("changed or replaced") == true)
        let nonsense = try folder.read(Self.request, checkpoint: Array("{}".utf8))
        #expect(nonsense.failure?.message.contains("not one of the files connector") == true)
    }

    @Test func `packed files of several members are read, broken ones are errors`() throws {
        let folder = try FilesFolder()
        for (name, text) in [("a.csv", "id,text\n1,a\n"), ("b.csv", "2,b\n")] {
            folder.put(name, text)
            try pack(folder.directory.file(name))
        }
        let members = try ["a.csv.gz", "b.csv.gz"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder.directory.file($0)))
        }
        let both = Array(members[0] + members[1])
        folder.put("both.csv.gz", both)
        #expect(
            try folder.read(["stream": "both.csv.gz"]).records == [
                ["id": 1, "text": "a"], ["id": 2, "text": "b"],
            ])
        folder.put("cut.csv.gz", Array(both.dropLast(6)))
        let cut = try folder.read(["stream": "cut.csv.gz"])
        #expect(cut.failure?.message.contains("ends too early") == true, "\(String(describing: cut.failure))")
    }

    @Test func `lines of json are read in parts and from every checkpoint`() throws {
        let folder = try FilesFolder()
        let expected = Self.records(Self.rows(seed: 5))
        folder.put(
            "t.ndjson", expected.map { String(decoding: JSONWriter.bytes($0), as: UTF8.self) + "\n" }.joined()
        )
        let request: JSON = ["stream": "t.ndjson", "batchBytes": 4096]
        let reading = try folder.read(request)
        #expect(reading.records == expected)
        for index in stride(from: 0, to: reading.checkpoints.count, by: 11) {
            let rest = try folder.read(request, checkpoint: reading.checkpoints[index])
            #expect(rest.records == Array(expected[reading.recordsAtCheckpoints[index]...]))
        }
    }

    private func pack(_ path: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-f", path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

/// Random numbers that are the same in every run.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
