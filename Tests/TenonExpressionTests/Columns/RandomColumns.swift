import TenonColumns
import TenonExpression
import TenonJSON
import TenonModel
import TenonTestKit

/// Columns of all types with values at their ends, and expressions over them.
struct RandomColumns {
    static let types: [String: ColumnType] = [
        "i": .int64, "j": .int32, "u": .uint64, "d": .float64, "f": .float32, "b": .bool, "c": .bool,
        "s": .utf8, "t": .utf8, "day": .date32, "price": .decimal128(precision: 10, scale: 2), "k": .json,
    ]
    private static let names = types.keys.sorted()
    private static let integers: [JSON] = [
        0, 1, -1, 2, 3, 7, 100, -100, .int(.max), .int(.min), .int(1 << 53), .int((1 << 53) + 1),
        .int(-(1 << 60)),
    ]
    private static let doubles: [JSON] = [0, 1.5, -1.5, 2, 3.25, 1e300, -1e-300, 7, 9_007_199_254_740_993]
    private static let texts: [JSON] = ["", "a", "abc", "ABC", "aé", "zz", "12", "x y", "日本語"]

    var numbers: SeededGenerator

    init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    private mutating func one<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &numbers) }
    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &numbers) < percent
    }

    mutating func columns(count: Int) -> [String: Column] {
        var columns: [String: Column] = [:]
        for name in Self.names {
            guard let type = Self.types[name] else { continue }
            let builder = ColumnBuilder(type)
            let nullPercent = one([0, 10, 50]) ?? 0
            for _ in 0..<count {
                if chance(nullPercent) || !builder.append(value: value(type)) { builder.appendNull() }
            }
            columns[name] = builder.finish()
        }
        return columns
    }

    private mutating func value(_ type: ColumnType) -> ColumnValue {
        let json: JSON? =
            switch type {
            case .bool: .bool(chance(50))
            case .float64, .float32: one(Self.doubles)
            case .utf8: one(Self.texts)
            case .date32: one(["2026-01-31", "1969-12-31", "2026-02-01"])
            case .decimal128: one(["1.50", "-3.25", "100.00"])
            case .json: .null
            default: one(Self.integers)
            }
        switch json {
        case .int(let value): return type.isFloat ? .double(Double(value)) : .int(value)
        case .double(let value): return .double(value)
        case .bool(let value): return .bool(value)
        case .string(let text): return .text(text)
        default: return type == .json ? .json(one(["1", "\"a\"", "[1,2]", "{\"a\":1}"]) ?? "1") : .null
        }
    }

    // MARK: Expressions

    enum Kind: CaseIterable { case bool, number, text }

    mutating func expression(_ kind: Kind, depth: Int) -> String {
        switch kind {
        case .bool: bool(depth)
        case .number: number(depth)
        case .text: text(depth)
        }
    }

    private mutating func bool(_ depth: Int) -> String {
        guard depth > 0 else { return one(["b", "c", "true", "false", "b == null", "k == 1"]) ?? "b" }
        let (left, right) = (bool(depth - 1), bool(depth - 1))
        let comparison = one(["==", "!=", "<", "<=", ">", ">="]) ?? "=="
        switch Int.random(in: 0..<12, using: &numbers) {
        case 0: return "(\(left) && \(right))"
        case 1: return "(\(left) || \(right))"
        case 2: return "!(\(left))"
        case 3, 4: return "(\(number(depth - 1)) \(comparison) \(number(depth - 1)))"
        case 5: return "(\(text(depth - 1)) \(comparison) \(text(depth - 1)))"
        case 6: return "(\(left) ? \(right) : \(bool(depth - 1)))"
        case 7:
            let test = one(["contains", "startsWith", "endsWith", "matches"]) ?? "contains"
            return "\(text(depth - 1)).\(test)('\(one(["a", "", "é", "B"]) ?? "")')"
        case 8: return "(\(number(depth - 1)) in [1, 2.0, null, 7, 'a', -1])"
        case 9: return "(\(text(depth - 1)) in ['a', '', 'ABC'])"
        case 10: return "(\(one([number(depth - 1), text(depth - 1)]) ?? "i") == null)"
        default: return "(\(left) ?? \(right))"
        }
    }

    private mutating func number(_ depth: Int) -> String {
        guard depth > 0 else {
            return one(["i", "j", "u", "d", "f", "1", "2", "-3", "0", "1.5", "k"]) ?? "i"
        }
        let (left, right) = (number(depth - 1), number(depth - 1))
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: return "(\(left) + \(right))"
        case 1: return "(\(left) - \(right))"
        case 2: return "(\(left) * \(right))"
        case 3: return "(\(left) / \(right))"
        case 4: return "(\(left) % \(right))"
        case 5: return "-(\(left))"
        case 6: return "(\(bool(depth - 1)) ? \(left) : \(right))"
        case 7: return "\(one(["int", "double"]) ?? "int")(\(left))"
        default: return one(["size(\(text(depth - 1)))", "(\(left) ?? \(right))"]) ?? left
        }
    }

    private mutating func text(_ depth: Int) -> String {
        guard depth > 0 else { return one(["s", "t", "'a'", "''", "'é'", "day", "price"]) ?? "s" }
        let (left, right) = (text(depth - 1), text(depth - 1))
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: return "(\(left) + \(right))"
        case 1: return "\(left).lowerAscii()"
        case 2: return "\(left).upperAscii()"
        case 3: return "(\(bool(depth - 1)) ? \(left) : \(right))"
        case 4: return "string(\(number(depth - 1)))"
        default: return "(\(left) ?? \(right))"
        }
    }
}
