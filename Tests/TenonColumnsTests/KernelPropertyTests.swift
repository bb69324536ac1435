import TenonColumns
import TenonModel
import TenonTestKit
import Testing

/// Kernels against the plainest way to do the same, over random columns.
@Suite struct KernelPropertyTests {
    private static let words = [
        "", "a", "active", "active!", "draft", "12345678", "123456789", "sixteen bytes 16",
        "sixteen bytes 17",
        "seventeen bytes 1", "ä", "日本語のテキスト", "a text that is longer than two words of eight bytes",
    ]

    private static func texts(_ count: Int, _ random: inout SeededGenerator) -> ([String?], Column) {
        let builder = ColumnBuilder(.utf8)
        let hasNulls = Bool.random(using: &random)
        let values = (0..<count).map { _ -> String? in
            hasNulls && Int.random(in: 0..<5, using: &random) == 0 ? nil : words.randomElement(using: &random)
        }
        for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
        return (values, builder.finish())
    }

    private static func kept(
        _ values: [String?], _ rows: [Int32]?, _ test: (String?) -> Bool
    ) -> [Int32] {
        (rows ?? values.indices.map { Int32($0) }).filter { test(values[Int($0)]) }
    }

    @Test func `texts are compared as their bytes are, with and without nulls, in all rows and in some`()
        throws
    {
        var random = SeededGenerator(seed: 7)
        for round in 0..<200 {
            let (values, column) = Self.texts(round % 70, &random)
            let some = values.indices.filter { _ in Bool.random(using: &random) }.map { Int32($0) }
            for rows in [nil, some] {
                for word in Self.words {
                    let equal = try #require(ColumnPredicate.comparison(.equal, .text(word), type: .utf8))
                    #expect(column.selected(equal, from: rows) == Self.kept(values, rows) { $0 == word })
                    #expect(
                        column.selected(.not(equal), from: rows) == Self.kept(values, rows) { $0 != word })
                    let less = try #require(ColumnPredicate.comparison(.less, .text(word), type: .utf8))
                    #expect(
                        column.selected(less, from: rows)
                            == Self.kept(values, rows) { value in
                                value.map { Array($0.utf8).lexicographicallyPrecedes(Array(word.utf8)) }
                                    ?? false
                            })
                }
                let few = Array(Self.words.shuffled(using: &random).prefix(3))
                let member = try #require(
                    ColumnPredicate.member(of: few.map { .text($0) }, type: .utf8))
                #expect(
                    column.selected(member, from: rows)
                        == Self.kept(values, rows) { $0.map(few.contains) ?? false })
            }
        }
    }

    @Test func `whatever its length, a key has one number, and another key another`() throws {
        var random = SeededGenerator(seed: 8)
        for type in [ColumnType.utf8, .binary] {
            let table = GroupTable([type])
            var expected: [String?: Int32] = [:]
            for round in 0..<60 {
                let values = (0..<round * 3).map { _ -> String? in
                    let size = Int.random(in: 0...20, using: &random)
                    return Int.random(in: 0..<9, using: &random) == 0
                        ? nil : String(repeating: "x", count: size) + String(size % 3)
                }
                let builder = ColumnBuilder(type)
                for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
                let numbers = try table.groups(of: [builder.finish()], rows: nil, rowCount: values.count)
                for (value, number) in zip(values, numbers) {
                    let known = expected[value] ?? Int32(expected.count)
                    expected[value] = known
                    #expect(number == known)
                }
            }
            #expect(table.count == expected.count)
            let keys = table.keyColumns()[0]
            for (key, number) in expected {
                #expect(keys.isNull(at: Int(number)) == (key == nil))
                if let key { #expect(keys.string(at: Int(number)) == key) }
            }
        }
    }

    @Test func `a slice has the rows of the same gather, for every type`() throws {
        let batch = try Samples.allTypes()
        var many = [Int32]()
        for row in 0..<40 { many.append(Int32(row % batch.rowCount)) }
        let large = batch.gathered(many)
        for range in [0..<40, 0..<0, 3..<3, 1..<2, 5..<40, 7..<31] {
            let rows = range.map { Int32($0) }
            #expect(try text(large.slice(range)) == text(large.gathered(rows)))
            #expect(
                try text(large.slice(range).gathered(rows.indices.map { Int32($0) }))
                    == text(large.gathered(rows)))
        }
    }

    @Test func `a NaN is the extreme only where nothing else is, and one group`() throws {
        let builder = ColumnBuilder(.float64)
        for value in [Double.nan, 1, -0.0, 0.0, -Double.nan] { _ = builder.append(value: .double(value)) }
        let column = builder.finish()
        let groups = GroupTable([.float64])
        #expect(try groups.groups(of: [column], rows: nil, rowCount: 5) == [0, 1, 2, 2, 0])
        for (operation, expected) in [(AggregateOperation.min, 0.0), (.max, 1.0)] {
            let aggregate = try #require(Aggregate(operation, type: .float64, name: "x"))
            try aggregate.add(column, groups: [0, 0, 0, 0, 1], rows: nil, groupCount: 2)
            let result = try aggregate.finish(groupCount: 2)
            #expect(result.value(at: 0) == .double(expected))
            guard case .double(let only) = result.value(at: 1) else {
                Issue.record("no number")
                return
            }
            #expect(only.isNaN)
        }
    }
}
