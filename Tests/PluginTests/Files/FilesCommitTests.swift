import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@Suite(.serialized)
struct FilesCommitTests {
    private let schema = Schema([Field("id", .int64), Field("name", .utf8)])

    private func row(_ id: Int64) throws -> Batch { try batch(schema, [["id": .int(id), "name": "a"]]) }

    @Test func `the sequence of each job is stored with its rows`() throws {
        let folder = try FilesFolder()
        #expect(try folder.write("t.csv", schema, [["id": 1, "name": "a"]], job: "one").isEmpty)
        #expect(try folder.write("t.csv", schema, [["id": 2, "name": "b"]], job: "two").isEmpty)
        #expect(try folder.write("t.csv", schema, [["id": 3, "name": "c"]], job: "one").isEmpty)
        #expect(folder.text("t.csv") == "id,name\n1,a\n2,b\n3,c\n")
        for (job, sequence) in [("one", UInt64(2)), ("two", 1), ("three", 0)] {
            let writer = try folder.plugin.writer(["job": .string(job), "stream": "t.csv"], schema)
            #expect(writer.committedSequence == sequence)
            writer.close()
        }
    }

    @Test func `what was not committed vanishes`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "id,name\n0,z\n")
        let writer = try folder.plugin.writer(["job": "j", "stream": "t.csv"], schema)
        _ = try writer.write(row(1))
        try writer.commit(1)
        // More than the buffer holds, so that some of it is in the file.
        let many = try batch(
            schema, (0..<2500).map { ["id": .int($0), "name": .string(String(repeating: "x", count: 300))] })
        for _ in 0..<4 { _ = try writer.write(many) }
        try writer.abort()
        writer.close()
        #expect(folder.text("t.csv") == "id,name\n0,z\n1,a\n")
        let new = try folder.plugin.writer(["job": "k", "stream": "n.csv"], schema)
        for _ in 0..<4 { _ = try new.write(many) }
        #expect(folder.text("n.csv") == nil)
        new.close()
        #expect(folder.text("n.csv") == nil)
    }

    @Test func `a sequence that is stored already changes nothing, and the writer goes on`() throws {
        let folder = try FilesFolder()
        let writer = try folder.plugin.writer(["job": "j", "stream": "t.csv"], schema)
        _ = try writer.write(row(1))
        try writer.commit(5)
        _ = try writer.write(row(2))
        try writer.commit(5)
        _ = try writer.write(row(3))
        try writer.commit(6)
        writer.close()
        #expect(folder.text("t.csv") == "id,name\n1,a\n3,a\n")
    }

    @Test func `a second writer of a file waits its turn, and another file does not`() throws {
        let folder = try FilesFolder()
        let writer = try folder.plugin.writer(["job": "one", "stream": "t.csv"], schema)
        _ = try writer.write(row(1))
        let failure = #expect(throws: CallFailure.self) {
            try folder.plugin.writer(["job": "two", "stream": "t.csv"], schema)
        }
        #expect(failure?.status == .conflict)
        #expect(failure?.errorClass == .transient)
        #expect(try folder.write("other.csv", schema, [["id": 9, "name": "z"]], job: "two").isEmpty)
        try writer.commit(1)
        writer.close()
        #expect(try folder.write("t.csv", schema, [["id": 2, "name": "b"]], job: "two").isEmpty)
        #expect(folder.text("t.csv") == "id,name\n1,a\n2,b\n")
    }

    @Test func `a job does not go on in a file that somebody removed or replaced`() throws {
        let folder = try FilesFolder()
        let writer = try folder.plugin.writer(["job": "j", "stream": "t.csv"], schema)
        _ = try writer.write(row(1))
        try writer.commit(1)
        writer.close()
        try FileManager.default.removeItem(atPath: folder.directory.file("t.csv"))
        let failure = #expect(throws: CallFailure.self) {
            try folder.plugin.writer(["job": "j", "stream": "t.csv"], schema)
        }
        #expect(failure?.status == .conflict)
        #expect(try folder.write("t.csv", schema, [["id": 2, "name": "b"]], job: "new").isEmpty)
        #expect(folder.text("t.csv") == "id,name\n2,b\n")
    }

    @Test func `rows that another program added between two jobs stay`() throws {
        let folder = try FilesFolder()
        #expect(try folder.write("t.csv", schema, [["id": 1, "name": "a"]]).isEmpty)
        folder.put("t.csv", "id,name\n1,a\n7,other\n")
        #expect(try folder.write("t.csv", schema, [["id": 2, "name": "b"]], job: "k").isEmpty)
        #expect(folder.text("t.csv") == "id,name\n1,a\n7,other\n2,b\n")
    }

    @Test func `a journal that was cut or grew long still knows the sequences`() throws {
        let folder = try FilesFolder([("durable", false)])
        for number in 1...400 {
            _ = try folder.write(
                "t.csv", schema, [["id": .int(Int64(number)), "name": "a"]], job: "job-\(number % 7)")
        }
        let journal = folder.directory.file(".tenon/t.csv.journal")
        let size = try #require(FileManager.default.contents(atPath: journal)).count
        #expect(size < 80_000)
        let handle = try #require(FileHandle(forWritingAtPath: journal))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("0000abcd {\"job\":\"job-0\",\"sequ".utf8))
        try handle.close()
        let writer = try folder.plugin.writer(["job": "job-0", "stream": "t.csv"], schema)
        #expect(writer.committedSequence == 57)
        writer.close()
    }
}
