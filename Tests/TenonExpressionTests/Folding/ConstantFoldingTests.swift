import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@testable import TenonExpression

/// Random expressions with constants give what they give with names for them, which nothing works out beforehand.
struct ConstantFoldingTests {
    private struct Pair {
        var constants: String
        var names: String
    }

    private static let values: [(text: String, value: JSON)] = [
        ("0", 0), ("1", 1), ("7", 7), ("9223372036854775807", .int(.max)), ("2.5", 2.5), ("true", true),
        ("false", false), ("'a'", "a"), ("''", ""), ("'42'", "42"),
        ("'2026-01-31T00:00:00Z'", "2026-01-31T00:00:00Z"),
        ("[1, 2]", [1, 2]), ("{'a': 1}", ["a": 1]), ("null", nil), ("'Europe/Berlin'", "Europe/Berlin"),
        ("'%s'", "%s"), ("'(a)'", "(a)"),
    ]
    /// What JSON has no values for, of a text.
    private static let makers = ["timestamp", "duration", "bytes", "optional.of", "string", "dyn"]
    private static let openNames = ["open", "word", "rows", "gone", "gone.more"]
    private static let scope = ObjectScope(
        JSONObject(
            values.enumerated().map { (key: "k\($0)", value: $1.value) }
                + [(key: "open", value: 3), (key: "word", value: "ab"), (key: "rows", value: [1, 2, 3])]))

    private func pair(_ depth: Int, _ random: inout SeededGenerator) -> Pair {
        func next(_ random: inout SeededGenerator) -> Pair { pair(depth - 1, &random) }
        func join(_ parts: [Pair], _ shape: ([String]) -> String) -> Pair {
            Pair(constants: shape(parts.map(\.constants)), names: shape(parts.map(\.names)))
        }
        guard depth > 0 else {
            let index = Int.random(in: 0..<Self.values.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let name = Self.openNames.randomElement(using: &random) ?? "open"
                return Pair(constants: name, names: name)
            case 1:
                let maker = Self.makers.randomElement(using: &random) ?? "dyn"
                return Pair(constants: "\(maker)(\(Self.values[index].text))", names: "\(maker)(k\(index))")
            default: return Pair(constants: Self.values[index].text, names: "k\(index)")
            }
        }
        let parts = [next(&random), next(&random), next(&random)]
        let shapes: [([String]) -> String] = [
            { "(\($0[0]) + \($0[1]))" }, { "(\($0[0]) / \($0[1]))" }, { "(\($0[0]) * \($0[1]))" },
            { "(\($0[0]) == \($0[1]))" }, { "(\($0[0]) < \($0[1]))" },
            { "(\($0[0]) in [\($0[1]), \($0[2])])" },
            { "(\($0[0]) && \($0[1]))" }, { "(\($0[0]) || \($0[1]))" }, { "!(\($0[0]))" },
            { "(\($0[0]) ? \($0[1]) : \($0[2]))" }, { "(\($0[0]) ?? \($0[1]))" }, { "-(\($0[0]))" },
            { "(\($0[0]) == null)" }, { "size(\($0[0]))" }, { "int(\($0[0]))" }, { "string(\($0[0]))" },
            { "(\($0[0])).contains(\($0[1]))" }, { "[\($0[0]), \($0[1])]" }, { "[\($0[0])][\($0[1])]" },
            { "{'a': \($0[0])}.a" }, { "has({'a': \($0[0])}.b)" }, { "[\($0[0])].map(x, [x, \($0[1])])" },
            { "[\($0[0])].exists(x, x == \($0[1]))" }, { "optional.of(\($0[0])).orValue(\($0[1]))" },
            { "cel.bind(y, \($0[0]), [y, \($0[1])])" }, { "(\($0[0])).startOf('day')" },
            { "(\($0[0])).first()" }, { "(\($0[0])).matches('a' + 'b')" },
            { "(\($0[0])).addDays(\($0[1]))" }, { "(\($0[0])).startOf('day', string(\($0[1])))" },
            { "(\($0[0])).format([\($0[1])])" }, { "regex.extractAll(\($0[0]), \($0[1]))" },
            { "regex.replace(\($0[0]), \($0[1]), \($0[2]))" }, { "(\($0[0])).formatTime(\($0[1]))" },
        ]
        let shape = shapes[Int.random(in: 0..<shapes.count, using: &random)]
        return join(parts, shape)
    }

    /// The value or the message without the place, and the same of a condition.
    private func outcomes(_ expression: Expression) -> [String] {
        func shown(_ body: () throws -> String) -> String {
            do {
                return try body()
            } catch {
                let message = (error as? TenonError)?.message ?? "\(error)"
                // A condition that gives no truth value shows its own text.
                return message.split(separator: "`").first.map(String.init) ?? message
            }
        }
        return [
            shown { try expression.typedValue(Self.scope).json.text },
            shown {
                let outcome = try expression.test(Self.scope)
                return "\(outcome.isTrue) \(outcome.missingPath == nil)"
            },
        ]
    }

    private func withoutPlace(_ message: String) -> String {
        message.split(separator: " (character").first.map(String.init) ?? message
    }

    @Test func `random expressions with constants give what they give with names for them`() throws {
        var random = SeededGenerator(seed: 11)
        var compiled = 0
        var (refused, failing) = (0, 0)
        for round in 0..<6_000 {
            let pair = pair(1 + round % 3, &random)
            let named = try Expression.parseUnchecked(pair.names, mode: .host)
            var constant = try Expression.parseUnchecked(pair.constants, mode: .host)
            do throws(SyntaxError) {
                constant.program = try ConstantFolder.fold(constant.root, slotCount: constant.slotCount)
                compiled += 1
                let wanted = outcomes(named).map(withoutPlace)
                #expect(outcomes(constant).map(withoutPlace) == wanted, "\(pair.constants)")
            } catch {
                refused += 1
                // What reads nothing and is refused fails, unless null or what is not there makes it null.
                let nulls = ["null", "][", "has("]
                if (Self.openNames + nulls).contains(where: pair.constants.contains) { continue }
                failing += 1
                #expect(throws: TenonError.self, "\(pair.constants): \(error.message)") {
                    try named.typedValue(Self.scope)
                }
            }
        }
        #expect(compiled > 1_500 && refused > 500 && failing > 300, "\(compiled) \(refused) \(failing)")
    }
}
