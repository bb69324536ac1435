import TenonColumns
import TenonModel
import TenonTestKit
import Testing

@Suite struct KernelTests {
    @Test func `gathered rows are those rows, for every type`() throws {
        let batch = try Samples.allTypes()
        let lines = try text(batch).split(separator: "\n")
        for rows: [Int32] in [[], [0], [2, 0, 1, 1, 2], [1, 1]] {
            let expected = rows.map { lines[Int($0)] + "\n" }.joined()
            #expect(try text(batch.gathered(rows)) == expected)
        }
        #expect(try text(batch.slice(1..<3)) == lines[1...].map { $0 + "\n" }.joined())
        let withHoles = batch.columns[4].gathered([2, -1])
        #expect(withHoles.nullCount == 1)
        #expect(withHoles.value(at: 1) == .null)
        #expect(withHoles.value(at: 0) == .int(.max))
    }

    @Test func `groups are numbered in the order in which they come`() throws {
        let lines =
            ["a", "b", "a", "", "b", "c"].map { "{\"g\":\"\($0)\"}\n" }.joined()
            + "{\"g\":null}\n{\"g\":\"\"}\n"
        let batch = try #require(try Samples.reader(nil, lines).first)
        let table = GroupTable([.utf8])
        #expect(
            try table.groups(of: batch.columns, rows: nil, rowCount: batch.rowCount) == [
                0, 1, 0, 2, 1, 3, 4, 2,
            ])
        #expect(try table.groups(of: batch.columns, rows: [5, 0], rowCount: batch.rowCount) == [3, 0])
        #expect(table.count == 5)
    }

    @Test func `more groups than allowed are an error`() throws {
        let lines = (0..<10).map { "{\"g\":\($0)}\n" }.joined()
        let batch = try #require(try Samples.reader(nil, lines).first)
        let table = GroupTable([.int64], maxGroups: 9)
        let error = #expect(throws: TenonError.self) {
            _ = try table.groups(of: batch.columns, rows: nil, rowCount: 10)
        }
        #expect(error?.code == .batchLimit)
    }

    @Test func `blocks that were freed are used again and never shared`() {
        var blocks = (0..<8).map { MemoryBlock(byteCount: 40_000 + $0 * 1000) }
        #expect(Set(blocks.map { UInt(bitPattern: $0.pointer) }).count == 8)
        for (index, block) in blocks.enumerated() {
            #expect(block.capacity >= 40_000 + index * 1000)
            block.pointer.initializeMemory(as: UInt8.self, repeating: UInt8(index), count: block.capacity)
        }
        #expect(
            blocks.enumerated().allSatisfy { index, block in block.bytes.allSatisfy { $0 == UInt8(index) } })
        blocks.removeAll()
    }
}
