internal import Glibc
internal import TenonJSON
internal import TenonModel

extension FunctionTable {
    /// Functions of numbers.
    static let math: [FunctionDefinition] = mathExtremes + mathRounding + mathTests + mathBits

    private static let mathExtremes: [FunctionDefinition] = [
        extreme("math.greatest", isBetter: .greater), extreme("math.least", isBetter: .less),
        .typed("math.sum", .global, 1...1) { (context, arguments) throws(TenonError) in
            try Total(arguments.list(0), &context).value(context)
        },
        .typed("math.average", .global, 1...1) { (context, arguments) throws(TenonError) in
            let elements = try arguments.list(0)
            guard !elements.isEmpty else { throw context.mistake("the list is empty") }
            return .double(try Total(elements, &context).nearestDouble / Double(elements.count))
        },
    ]

    private static let mathRounding: [FunctionDefinition] = [
        ofDouble("math.ceil") { $0.rounded(.up) },
        ofDouble("math.floor") { $0.rounded(.down) },
        ofDouble("math.trunc") { $0.rounded(.towardZero) },
        .typed("math.round", .global, 1...2) { (context, arguments) throws(TenonError) in
            let value = try context.double(arguments, 0)
            guard arguments.count > 1 else { return .double(value.rounded(.toNearestOrAwayFromZero)) }
            let places = try arguments.int(1)
            guard (0...15).contains(places) else { throw context.mistake("places go from 0 to 15") }
            return .double(rounded(value, places: places))
        },
        ofDouble("math.sqrt") { $0.squareRoot() },
        .typed("math.pow", .global, 2...2) { (context, arguments) throws(TenonError) in
            .double(Glibc.pow(try context.double(arguments, 0), try context.double(arguments, 1)))
        },
        ofDouble("math.log") { Glibc.log($0) },
        .unary("math.abs", .global) { (context, value) throws(TenonError) in
            switch value {
            case .int(.min): throw context.failure("an integer is out of range")
            case .int(let value): return .int(abs(value))
            case .uint: return value
            case .double(let value): return .double(value.magnitude)
            default:
                guard let double = value.doubleOfDecimal else { throw context.mismatch(value) }
                return .double(double.magnitude)
            }
        },
        .unary("math.sign", .global) { (context, value) throws(TenonError) in
            switch value {
            case .int(let value): return .int(value.signum())
            case .uint(let value): return .uint(value.signum())
            case .double(let value):
                return .double(value.isNaN || value == 0 ? value : value < 0 ? -1 : 1)
            default:
                guard let double = value.doubleOfDecimal else { throw context.mismatch(value) }
                return .double(double == 0 ? double : double < 0 ? -1 : 1)
            }
        },
    ]

    private static let mathTests: [FunctionDefinition] = [
        test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite },
        test("math.isFinite") { $0.isFinite },
    ]

    private static let mathBits: [FunctionDefinition] = [
        bits("math.bitAnd", { $0 & $1 }, { $0 & $1 }),
        bits("math.bitOr", { $0 | $1 }, { $0 | $1 }),
        bits("math.bitXor", { $0 ^ $1 }, { $0 ^ $1 }),
        .unary("math.bitNot", .global) { (context, value) throws(TenonError) in
            switch value {
            case .int(let value): return .int(~value)
            case .uint(let value): return .uint(~value)
            default: throw context.mismatch(value)
            }
        },
        shift("math.bitShiftLeft") { $0 << UInt64($1) },
        // Zeros come from the left, whatever the sign.
        shift("math.bitShiftRight") { $0 >> UInt64($1) },
    ]

    // MARK: Bodies

    /// The largest or smallest of the arguments, or of the list that is the only one.
    private static func extreme(_ name: String, isBetter: Comparison.Order) -> FunctionDefinition {
        .typed(name, .global, 1...100) { (context, arguments) throws(TenonError) in
            var values = arguments.values
            if arguments.count == 1, let elements = values[0].elements { values = elements }
            try context.spend(values.count)
            guard var best = values.first else { throw context.mistake("the list is empty") }
            for value in values {
                guard value.isNumber else { throw context.mismatch(value) }
                try context.spendComparing(value, best)
                if Comparison.order(value, best) == isBetter { best = value }
            }
            return best
        }
    }

    /// The sum of a list. Integers stay exact; with a double among them the sum is one.
    private struct Total {
        private var whole: Int128 = 0
        private var fraction = 0.0
        private var hasDouble = false
        private var isUnsigned: Bool

        init(_ elements: [Value], _ context: inout CallContext) throws(TenonError) {
            try context.spend(elements.count)
            isUnsigned = !elements.isEmpty
            for element in elements {
                if let integer = element.integer {
                    // A list of 2^63 elements would be needed to leave 128 bits.
                    whole += integer
                    if case .int = element { isUnsigned = false }
                } else if case .double(let value) = element {
                    add(value)
                } else if let value = element.doubleOfDecimal {
                    add(value)
                } else {
                    throw context.mismatch(element)
                }
            }
        }

        private mutating func add(_ value: Double) {
            fraction += value
            hasDouble = true
        }

        var nearestDouble: Double { Double(whole) + fraction }

        func value(_ context: CallContext) throws(TenonError) -> Value {
            if hasDouble { return .double(nearestDouble) }
            if isUnsigned, let value = UInt64(exactly: whole) { return .uint(value) }
            guard let value = Int64(exactly: whole) else {
                throw context.failure("an integer is out of range")
            }
            return .int(value)
        }
    }

    /// Half away from zero, of the decimal number that people see: the shortest text of the value.
    private static func rounded(_ value: Double, places: Int) -> Double {
        guard value.isFinite, value.magnitude < 1e15 else { return value }
        let text = Array(NumberFormat.plain(value.magnitude).utf8)
        guard let point = text.firstIndex(of: UInt8(ascii: ".")), text.count - point - 1 > places else {
            return value
        }
        var digits = Array(text[..<point] + text[(point + 1)..<(point + 1 + places)])
        if text[point + 1 + places] >= UInt8(ascii: "5") {
            var position = digits.count - 1
            while position >= 0, digits[position] == UInt8(ascii: "9") {
                digits[position] = UInt8(ascii: "0")
                position -= 1
            }
            if position >= 0 { digits[position] += 1 } else { digits.insert(UInt8(ascii: "1"), at: 0) }
        }
        let magnitude = Double(String(decoding: digits, as: UTF8.self) + "e-\(places)") ?? value.magnitude
        return value < 0 ? -magnitude : magnitude
    }

    private static func ofDouble(
        _ name: String, _ body: @escaping @Sendable (Double) -> Double
    ) -> FunctionDefinition {
        .typed(name, .global, 1...1) { (context, arguments) throws(TenonError) in
            .double(body(try context.double(arguments, 0)))
        }
    }

    private static func test(
        _ name: String, _ body: @escaping @Sendable (Double) -> Bool
    ) -> FunctionDefinition {
        .typed(name, .global, 1...1) { (context, arguments) throws(TenonError) in
            .bool(body(try context.double(arguments, 0)))
        }
    }

    private static func bits(
        _ name: String, _ signed: @escaping @Sendable (Int64, Int64) -> Int64,
        _ unsigned: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> FunctionDefinition {
        .binary(name, .global) { (context, left, right) throws(TenonError) in
            switch (left, right) {
            case (.int(let left), .int(let right)): return .int(signed(left, right))
            case (.uint(let left), .uint(let right)): return .uint(unsigned(left, right))
            default: throw context.mismatch(left, right)
            }
        }
    }

    private static func shift(
        _ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64
    ) -> FunctionDefinition {
        .binary(name, .global) { (context, value, count) throws(TenonError) in
            guard case .int(let count) = count else { throw context.mismatch(value, count) }
            guard count >= 0 else { throw context.mistake("\(count) is less than 0") }
            switch value {
            case .int(let value):
                return .int(Int64(bitPattern: count > 63 ? 0 : body(UInt64(bitPattern: value), count)))
            case .uint(let value): return .uint(count > 63 ? 0 : body(value, count))
            default: throw context.mismatch(value, .int(count))
            }
        }
    }
}

extension CallContext {
    /// A double; in host mode any number.
    fileprivate func double(_ arguments: FunctionArguments, _ index: Int) throws(TenonError) -> Double {
        let value = try arguments.value(index)
        if case .double(let double) = value { return double }
        guard isHost, let double = value.nearestDouble else { throw mismatch(arguments.values) }
        return double
    }
}
