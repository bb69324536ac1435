import TenonColumns
import TenonModel
import TenonTestKit
import Testing

/// What records may not bring about.
@Suite struct BoundsTests {
    @Test(arguments: [Int64.min, Int64.min + 1, -1, 0, Int64.max])
    func `every timestamp has a text`(microseconds: Int64) {
        let builder = ColumnBuilder(.timestamp(isUTC: true))
        #expect(builder.append(value: .int(microseconds)))
        guard case .text(let text) = builder.finish().value(at: 0) else {
            Issue.record("\(microseconds) has no text")
            return
        }
        #expect(text.hasSuffix("Z"))
    }

    private func words(_ count: Int) throws -> Batch {
        let lines = (0..<count).map { "{\"g\":\"\(String(repeating: "x", count: 1000))\($0)\"}\n" }.joined()
        return try #require(try Samples.reader(nil, lines).first)
    }

    @Test func `groups whose values are too long together are an error`() throws {
        let batch = try words(10)
        let table = GroupTable([.utf8], maxBytes: 9000)
        let error = #expect(throws: TenonError.self) {
            _ = try table.groups(of: batch.columns, rows: nil, rowCount: 10)
        }
        #expect(error?.code == .batchLimit)
    }

    @Test func `the table of groups counts with its slots, not only with the values`() throws {
        let builder = ColumnBuilder(.int64)
        for number in 0..<5000 { #expect(builder.append(value: .int(Int64(number)))) }
        let numbers = builder.finish()
        // 40 kB of keys; with 24 bytes a slot and as many free ones several times that.
        let small = GroupTable([.int64], maxBytes: 60_000)
        let error = #expect(throws: TenonError.self) {
            _ = try small.groups(of: [numbers], rows: nil, rowCount: 5000)
        }
        #expect(error?.code == .batchLimit)
        let large = GroupTable([.int64], maxBytes: 500_000)
        #expect(try large.groups(of: [numbers], rows: nil, rowCount: 5000) == Array(0..<5000))
    }

    @Test func `texts that an aggregation has to keep are bounded`() throws {
        let batch = try words(10)
        let largest = try #require(Aggregate(.max, type: .utf8, name: "g", maxBytes: 9000))
        let one = [Int32](repeating: 0, count: 10)
        for _ in 0..<100 { try largest.add(batch.columns[0], groups: one, rows: nil, groupCount: 1) }
        let error = #expect(throws: TenonError.self) {
            try largest.add(batch.columns[0], groups: Array(0..<10), rows: nil, groupCount: 10)
        }
        #expect(error?.code == .batchLimit)
    }

    @Test func `lines with too many different keys are an error that says so`() {
        let lines = (0..<5000).map { "{\"key\($0)\":1}\n" }.joined()
        var reader = NDJSONReader(schema: nil, inferenceLines: 5000)
        reader.append(Array(lines.utf8), rowCount: 5000)
        let error = #expect(throws: TenonError.self) { _ = try reader.takeBatches(isFinal: true) }
        #expect(error?.code == .batchSchema)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a text that almost matches everywhere is searched in linear time`() throws {
        let text = String(repeating: "a", count: 400_000)
        let part = String(repeating: "a", count: 200_000)
        let lines =
            "{\"t\":\"\(text)\"}\n{\"t\":\"\(text)b\"}\n{\"t\":\"\(text.dropLast(150_000))b\(text)\"}\n"
        let batch = try #require(try Samples.reader(nil, lines).first)
        let found = { (part: String) in
            batch.columns[0].selected(.textPart(Array(part.utf8), .anywhere), from: nil)
        }
        #expect(found(part + "b") == [1, 2])
        #expect(found("b" + part) == [2])
        #expect(found("b" + part + "b") == [])
    }
}
