import Foundation
import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Reading that is interrupted: by a checkpoint, a cancel, or somebody who writes to the file.
@Suite(.serialized)
struct FilesSourceResumeTests {
    private static let smallParts: Int64 = 4096

    /// Files of a pattern, one of them empty but for its header, with rejected records and ones that are left
    /// out in between.
    private func pattern(_ threads: Int64, packed: String? = nil) throws -> FilesFolder {
        let folder = try FilesFolder([("parallelism", .int(threads)), ("types", ["id": "int64"])])
        var id = 0
        for (name, count) in [("o-1.csv", 700), ("o-2.csv", 0), ("o-3.csv", 1), ("o-4.csv", 900)] {
            var text = "id,kind\n"
            for _ in 0..<count {
                id += 1
                text += id % 50 == 0 ? "x\(id),odd\n" : "\(id),\(id % 3 == 0 ? "third" : "other")\n"
            }
            folder.put(name, text)
        }
        if let packed {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["gzip", "-f", folder.directory.file(packed)]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        return folder
    }

    @Test(arguments: [1, 2, 4])
    func `a pattern goes on from every checkpoint, also at the end of a file`(threads: Int64) throws {
        let folder = try pattern(threads)
        try resume(folder, ["stream": "o-*.csv", "batchBytes": .int(Self.smallParts)], kept: 1569)
    }

    @Test func `a pattern with a packed file goes on from every checkpoint`() throws {
        let folder = try pattern(2, packed: "o-4.csv")
        try resume(folder, ["stream": "o-*", "batchBytes": .int(Self.smallParts)], kept: 1569)
    }

    @Test(arguments: [1, 3])
    func `a limit after a filter counts over checkpoints`(threads: Int64) throws {
        let folder = try pattern(threads)
        let filter: JSON = ["all": [["column": "kind", "operator": "equals", "value": "third"]]]
        let request: JSON = [
            "stream": "o-*.csv", "batchBytes": .int(Self.smallParts), "filter": filter, "limit": 400,
        ]
        try resume(folder, request, kept: 400)
    }

    /// Reads from the beginning and from each checkpoint, and compares.
    private func resume(_ folder: FilesFolder, _ request: JSON, kept: Int) throws {
        let whole = try folder.read(request)
        #expect(whole.failure == nil)
        #expect(whole.records.count == kept)
        try #require(whole.checkpoints.count > 3)
        for (checkpoint, count) in zip(whole.checkpoints, whole.recordsAtCheckpoints) {
            let rest = try folder.read(request, checkpoint: checkpoint)
            #expect(rest.failure == nil)
            #expect(rest.records == Array(whole.records[min(count, kept)...]))
            let rejected = whole.rejected.suffix(rest.rejected.count).map(\.reason)
            #expect(rest.rejected.map(\.reason) == rejected)
        }
    }

    @Test func `parts of any size, parsed by any number of threads, give the same`() throws {
        var expected: Plugin.Reading?
        for threads: Int64 in [1, 2, 3, 4] {
            let folder = try pattern(threads)
            for bytes: Int64 in [4096, 5001, 12_345, 1 << 20] {
                let reading = try folder.read(["stream": "o-*.csv", "batchBytes": .int(bytes)])
                let first = expected ?? reading
                expected = first
                #expect(reading.records == first.records)
                #expect(reading.rejected.map(\.reason) == first.rejected.map(\.reason))
                #expect(reading.rejected.count == 32)
            }
        }
    }

    @Test(arguments: ["more", "less", "other"])
    func `a file that changes while it is read is an error`(change: String) throws {
        let folder = try FilesFolder()
        let text = "id,kind\n" + (0..<5000).map { "\($0),other\n" }.joined()
        folder.put("t.csv", text)
        let reader = try folder.plugin.connection.openReader(
            ReadRequest(requestJSON: JSONWriter.bytes(["stream": "t.csv", "batchBytes": 4096])))
        defer { reader.close() }
        _ = try reader.next()
        let file = try #require(FileHandle(forUpdatingAtPath: folder.directory.file("t.csv")))
        switch change {
        case "more": try file.seekToEnd()
        case "less": try file.truncate(atOffset: 8192)
        default: try file.seek(toOffset: 60_000 - 1)
        }
        if change != "less" { try file.write(contentsOf: Data("9".utf8)) }
        try file.close()
        let failure = #expect(throws: CallFailure.self) { while try reader.next() != nil {} }
        #expect(failure?.message.contains("changed while it was read") == true)
    }

    @Test func `a cancel ends reading`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "id,kind\n" + (0..<400_000).map { "\($0),other\n" }.joined())
        let reader = try folder.plugin.connection.openReader(
            ReadRequest(requestJSON: JSONWriter.bytes(["stream": "t.csv"])))
        defer { reader.close() }
        // A cancel counts for the call that is running, so it is repeated until there was one.
        let isOver = Mutex(false)
        let canceller = Thread {
            while !isOver.withLock({ $0 }) {
                reader.cancel()
                usleep(500)
            }
        }
        canceller.start()
        let failure = #expect(throws: CallFailure.self) { while try reader.next() != nil {} }
        isOver.withLock { $0 = true }
        #expect(failure?.status == .cancelled)
    }
}
