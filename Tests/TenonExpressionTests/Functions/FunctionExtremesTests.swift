import TenonColumns
import TenonExpression
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// Every example of the page of functions with its values exchanged for those at the ends of their types:
/// whatever comes in, a function gives a value or an error.
struct FunctionExtremesTests {
    private static let integers: [JSON] = [
        .int(.min), .int(.min + 1), .int(.max), .int(.max - 1), -1, 0, 1, .int(1 << 53), .int(-(1 << 53) - 1),
        .int(1 << 32),
    ]
    private static let doubles: [JSON] = [
        .double(.nan), .double(.infinity), .double(-.infinity), .double(.greatestFiniteMagnitude),
        .double(-.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude), -0.0, 0x1p63, -0x1p63, 0x1p64,
        1.5,
    ]
    private static let texts: [JSON] = [
        "", "a", .string(String(repeating: "x", count: 40_000)), "\u{0}", "e\u{301}日本🎉",
        .string(String(repeating: "'", count: 3_000)), "%s%d%.1000f%", "-9223372036854775808", "1e999999999",
        "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "255.255.255.255/32", "::/0",
    ]
    private static let others: [JSON] = [
        nil, true, .uint(.max), .number("1e999999"), .number("123456789.123456789123"),
        .number("-99999999999999999999999999"), [], .object(JSONObject()),
        .array((0..<3_000).map { .int($0) }),
        ["a": ["b": [1, nil, "x"]]],
    ]

    /// A text cut at its literals: what stands between them, and what they are.
    private struct Cut {
        enum Kind { case integer, double, text }

        var between: [String] = [""]
        var literals: [(kind: Kind, text: String)] = []

        init(_ text: String) {
            var rest = Array(text)[...]
            var isInName = false
            while let first = rest.first {
                if first == "'", let end = rest.dropFirst().firstIndex(of: "'") {
                    take(.text, rest[...end], &rest)
                } else if first.isNumber, !isInName {
                    let digits = rest.prefix { $0.isNumber || $0 == "." }
                    take(digits.contains(".") ? .double : .integer, digits, &rest)
                } else {
                    isInName = first.isLetter || first == "_" || (isInName && first.isNumber)
                    between[between.count - 1].append(rest.removeFirst())
                }
            }
        }

        private mutating func take(
            _ kind: Kind, _ literal: ArraySlice<Character>, _ rest: inout ArraySlice<Character>
        ) {
            literals.append((kind, String(literal)))
            between.append("")
            rest = rest.dropFirst(literal.count)
        }

        /// The text with other words in place of some literals.
        func text(_ replaced: [Int: String]) -> String {
            var text = between[0]
            for (index, literal) in literals.enumerated() {
                text += (replaced[index] ?? literal.text) + between[index + 1]
            }
            return text
        }
    }

    private struct Scope: ExpressionScope {
        let values: [String: JSON]
        var now: Timestamp? { Timestamp(milliseconds: 1_769_855_400_000) }
        var names: [String] { values.keys.sorted() }
        func value(named name: String) -> JSON? { values[name] }
    }

    private static let values: [String: JSON] = {
        var values: [String: JSON] = [:]
        for (index, value) in (integers + doubles + texts + others).enumerated() {
            values["v\(index)"] = value
        }
        return values
    }()

    @Test(arguments: [ExpressionMode.host, .strict])
    func `each function takes values at the ends of all types`(mode: ExpressionMode) throws {
        let names = Self.values.keys.sorted()
        let scope = Scope(values: Self.values)
        var numbers = SeededGenerator(seed: 11)
        var evaluated = 0
        for example in try FunctionPage.examples() {
            let cut = Cut(example.expression)
            for position in cut.literals.indices {
                for name in names {
                    var replaced = [position: name]
                    // Often another one too.
                    if Bool.random(using: &numbers),
                        let other = cut.literals.indices.randomElement(using: &numbers)
                    {
                        replaced[other] = names.randomElement(using: &numbers)
                    }
                    guard let expression = try? Expression.compile(cut.text(replaced), mode: mode) else {
                        continue
                    }
                    evaluated += 1
                    // Whether it fails is all the same: a trap would end the test.
                    _ = try? expression.evaluate(scope)
                    _ = try? expression.test(scope)
                }
            }
        }
        #expect(evaluated > 5_000)
    }

    // MARK: Columns

    private static let types: [String: ColumnType] = ["i": .int64, "u": .uint64, "d": .float64, "s": .utf8]

    private func column(_ type: ColumnType, _ values: [ColumnValue]) -> Column {
        let builder = ColumnBuilder(type)
        for value in values where !builder.append(value: value) { builder.appendNull() }
        return builder.finish()
    }

    private var columns: [String: Column] {
        let count = 13
        let integers = Self.integers.compactMap(\.int).map { ColumnValue.int($0) }
        let doubles = Self.doubles.compactMap(\.double).map { ColumnValue.double($0) }
        let texts = Self.texts.compactMap(\.string).map { ColumnValue.text($0) }
        func filled(_ values: [ColumnValue]) -> [ColumnValue] {
            (0..<count).map { $0 == 3 ? .null : values[$0 % values.count] }
        }
        return [
            "i": column(.int64, filled(integers)), "u": column(.uint64, filled(integers.reversed())),
            "d": column(.float64, filled(doubles)), "s": column(.utf8, filled(texts)),
        ]
    }

    @Test func `functions and operators over columns of such values give what the rows give`() throws {
        var texts = [
            "i + i", "i - 1", "i * i", "i / -1", "i % -1", "-i", "i / i", "u + u", "u - i", "u * 2", "d * d",
            "d / 0.0", "int(d)", "int(u)", "double(i)", "double(u)", "string(i)", "i < d", "i == d", "u > i",
            "i == u", "d == d", "s + s + s", "size(s)", "s < s", "i in [1, -9223372036854775808]", "s ?? 'a'",
            "s.contains(s)", "i > 0 ? i + 1 : i - 1",
        ]
        for example in try FunctionPage.examples() {
            let cut = Cut(example.expression)
            for (position, literal) in cut.literals.enumerated() {
                let names =
                    literal.kind == .text ? ["s"] : literal.kind == .double ? ["d", "i"] : ["i", "u", "d"]
                texts += names.map { cut.text([position: $0]) }
            }
        }
        let columns = columns
        let scope = ColumnScope(columns)
        var compared = 0
        for text in texts {
            guard let expression = try? Expression.compile(text),
                let program = ColumnProgram(expression, types: Self.types)
            else { continue }
            let result = program.evaluate(columns, rows: nil, rowCount: 13)
            for row in 0..<13 where result.unsure?[row] != true {
                compared += 1
                let expected = try expression.evaluate(scope.at(row))
                let found = JSON(result.column.value(at: row))
                #expect(found.text == expected.text, "\(text) in row \(row)")
            }
        }
        #expect(compared > 300)
    }
}

extension JSON {
    fileprivate var int: Int64? { if case .int(let value) = self { value } else { nil } }
    fileprivate var double: Double? { if case .double(let value) = self { value } else { nil } }
    fileprivate var string: String? { if case .string(let value) = self { value } else { nil } }
}
