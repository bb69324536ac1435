import TenonColumns
import TenonExpression
import TenonJSON
import TenonModel
import Testing

/// Expressions over whole columns give what they give row by row.
struct ColumnProgramTests {
    @Test(arguments: RandomColumns.Kind.allCases)
    func `random expressions give the same over columns as row by row`(kind: RandomColumns.Kind) throws {
        var random = RandomColumns(seed: 4)
        var compiled = 0
        var decided = 0
        for round in 0..<1_000 {
            let text = random.expression(kind, depth: 1 + round % 3)
            let columns = random.columns(count: 17)
            // Some are refused, such as a division by 0.
            guard let expression = try? Expression.compile(text) else { continue }
            guard let program = ColumnProgram(expression, types: RandomColumns.types) else { continue }
            compiled += 1
            let rows: [Int32]? = round % 3 == 0 ? [0, 3, 4, 11, 16] : nil
            decided += try compare(program, expression, columns, rows)
        }
        #expect(compiled > 300)
        #expect(decided > 3_000)
    }

    /// Answers how many rows needed no evaluation of their own.
    private func compare(
        _ program: ColumnProgram, _ expression: Expression, _ columns: [String: Column], _ rows: [Int32]?
    ) throws -> Int {
        let result = program.evaluate(columns, rows: rows, rowCount: 17)
        let test = program.test(columns, rows: rows, rowCount: 17)
        let scope = ColumnScope(columns)
        var decided = 0
        for position in 0..<(rows?.count ?? 17) {
            let row = rows.map { Int($0[position]) } ?? position
            if result.unsure?[position] == true { continue }
            decided += 1
            let expected = try expression.evaluate(scope.at(row))
            let found = JSON(result.column.value(at: position))
            #expect(found.isSame(as: expected), "\(expression.text) in row \(row)")
            if program.type == .bool, test.unsure?[position] != true {
                let holds = try expression.test(scope.at(row)).isTrue
                #expect(test.holds[position] == holds, "\(expression.text) in row \(row)")
            }
        }
        return decided
    }

    private func column(_ values: [Int64]) -> Column { Column.make(values, nulls: nil) }

    @Test func `a row whose integers overflow is left to the evaluation of its own`() throws {
        let expression = try Expression.compile("i + 1")
        let program = try #require(ColumnProgram(expression, types: ["i": .int64]))
        let result = program.evaluate(["i": column([1, .max, 3])], rows: nil, rowCount: 3)
        #expect(result.unsure == [false, true, false])
        #expect(result.column.value(at: 2) == .int(4))
    }

    @Test func `an operand that decides spares the rows an operand without a kernel`() throws {
        let expression = try Expression.compile("i > 1 && ['a'].exists(x, x == string(i))")
        let program = try #require(ColumnProgram(expression, types: ["i": .int64]))
        let (holds, unsure) = program.test(["i": column([0, 5, 1])], rows: nil, rowCount: 3)
        #expect(unsure == [false, true, false])
        #expect(!holds[0] && !holds[2])
    }

    @Test func `an expression over JSON has no program`() throws {
        let expression = try Expression.compile("k.a + 1")
        #expect(ColumnProgram(expression, types: ["k": .json]) == nil)
    }

    @Test(arguments: ["i > 0 ? LONG : s", "LONG + s", "s + (s + (LONG + s))", "LONG.upperAscii()", "LONG"])
    func `texts that would fill the memory are left to the rows`(text: String) throws {
        let rowCount = 65_536
        let long = String(repeating: "x", count: 12_000)
        let expression = try Expression.compile(text.replacing("LONG", with: "'\(long)'"))
        let program = try #require(ColumnProgram(expression, types: ["i": .int64, "s": .utf8]))
        let texts = ColumnBuilder(.utf8)
        for _ in 0..<rowCount { _ = texts.append("ab" as String) as Bool }
        let columns = ["i": column(Array(repeating: 1, count: rowCount)), "s": texts.finish()]
        let result = program.evaluate(columns, rows: nil, rowCount: rowCount)
        #expect(result.unsure == Array(repeating: true, count: rowCount))
        #expect(result.column.count == rowCount)
        let short = program.evaluate(columns, rows: [1, 2], rowCount: rowCount)
        #expect(short.unsure == nil)
        #expect(JSON(short.column.value(at: 1)) == (try expression.evaluate(ColumnScope(columns).at(2))))
    }

    @Test func `comparing with a text that is long needs no copies of it`() throws {
        let long = String(repeating: "x", count: 12_000)
        let expression = try Expression.compile("(i > 0 ? '\(long)' : s).size() > 5 || i == 3")
        let program = try #require(ColumnProgram(expression, types: ["i": .int64, "s": .utf8]))
        let columns = ["i": column(Array(0..<65_536)), "s": Column.make([Int64](), nulls: nil)]
        let (holds, unsure) = program.test(columns, rows: nil, rowCount: 65_536)
        #expect(holds.count == 65_536)
        #expect(unsure?[5] == true)
    }

    @Test func `types follow the columns`() throws {
        let types: [String: ColumnType] = ["i": .int32, "d": .float32, "s": .utf8, "day": .date32]
        let expected: [(String, ColumnType)] = [
            ("i * 2", .int64), ("i * 2.5", .float64), ("i + d", .float64), ("s + day", .utf8),
            ("i < d", .bool), ("string(i)", .utf8), ("i > 0 ? s : 'none'", .utf8),
        ]
        for (text, type) in expected {
            let program = ColumnProgram(try Expression.compile(text), types: types)
            #expect(program?.type == type, "\(text)")
        }
    }
}

extension JSON {
    /// Equal, with not-a-number being the same as itself.
    fileprivate func isSame(as other: JSON) -> Bool {
        if case .double(let left) = self, case .double(let right) = other {
            return left == right || left.isNaN && right.isNaN
        }
        return self == other
    }
}
