import TenonJSON
import Testing

struct ExactDecimalTests {
    /// A decimal with up to 15 digits, written in one of many ways, and what it is times 10^17.
    private static func random() -> (text: String, scaled: Int128) {
        let value = Int128(Int64.random(in: -999_999...999_999)) * (Bool.random() ? 1 : 1_000_000_000)
        let places = Int.random(in: 0...12)
        var digits = String(value.magnitude)
        digits = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        let point = digits.index(digits.endIndex, offsetBy: -places)
        let shift = Int.random(in: -5...5)
        var text = (value < 0 ? "-" : "") + digits[..<point]
        text += places == 0 ? "" : "." + digits[point...]
        text +=
            shift == 0 ? "" : "\(Bool.random() ? "e" : "E")\(shift > 0 && Bool.random() ? "+" : "")\(shift)"
        return (text, (0..<(17 - places + shift)).reduce(value) { scaled, _ in scaled * 10 })
    }

    @Test func `decimals are equal and in order as their values are, however they are written`() throws {
        for _ in 0..<3_000 {
            let (left, right) = (Self.random(), Self.random())
            let leftDecimal = try #require(ExactDecimal(left.text))
            let rightDecimal = try #require(ExactDecimal(right.text))
            #expect((leftDecimal == rightDecimal) == (left.scaled == right.scaled), "\(left) \(right)")
            #expect((leftDecimal < rightDecimal) == (left.scaled < right.scaled), "\(left) \(right)")
            #expect(ExactDecimal(integer: left.scaled).wholePart == left.scaled)
        }
    }

    @Test(arguments: [
        ("1", "1.000", true), ("-0", "0e5", true), ("10e-1", "1", true), ("0.1", "1e-1", true),
        ("1e999999999", "10e999999998", true), ("1e999999999", "1e999999998", false), ("1", "-1", false),
    ])
    func `one number has one form`(left: String, right: String, areEqual: Bool) {
        #expect((ExactDecimal(left) == ExactDecimal(right)) == areEqual)
        #expect((ExactDecimal(left).hashValue == ExactDecimal(right).hashValue) == areEqual)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "1.", "1e", "1e+", "1e+-1", "1.e1", "--1", "NaN", "1 ", "e1", "1.2.3",
    ])
    func `what is no number has no decimal`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(arguments: [
        ("1234.9", 1234), ("-1234.9", -1234), ("0.99e2", 99), ("1e-999999999", 0),
        ("-18446744073709551617", Int128(-0x1_0000_0000_0000_0001)),
        ("12345678901234567890123456789012345678", 12_345_678_901_234_567_890_123_456_789_012_345_678),
        ("1e37", 10_000_000_000_000_000_000_000_000_000_000_000_000), ("1e38", nil),
        ("1e999999999999999999999", nil),
    ])
    func `the whole part is cut off exactly`(text: String, whole: Int128?) {
        #expect(ExactDecimal(text)?.wholePart == whole)
    }
}

struct NumberOrderTests {
    @Test(arguments: [
        (JSON.number("18446744073709551616"), JSON.uint(.max), NumberOrder.greater),
        (.number("-9223372036854775809"), .int(.min), .less),
        (.number("9007199254740993.0"), .int(9_007_199_254_740_993), .equal),
        (.number("9007199254740993.0"), .double(9_007_199_254_740_992), .greater),
        (.number("0.1000000000000000055"), .double(0.1), .greater),
        (.number("0.10000000000000000000001"), .number("0.10000000000000000000002"), .less),
        (.number("1e400"), .double(.greatestFiniteMagnitude), .greater),
        (.number("1e400"), .double(.infinity), .less), (.number("-1e400"), .double(-.infinity), .greater),
        (.number("1e-400"), 0, .greater), (.number("-1e-400"), .double(-0.0), .less),
        (.number("1e999999999999"), .number("10e999999999998"), .equal),
        (.number("100000000000000000000000"), .double(1e23), .equal),
        (.uint(9_223_372_036_854_775_808), .double(0x1p63), .equal), (.uint(.max), .double(0x1p64), .less),
        (.int(.max), .double(0x1p63), .less), (1, .double(1), .equal), (1, .double(1.5), .less),
        (-1, .double(-1.5), .greater), (.double(-0.0), 0, .equal),
    ])
    func `numbers of any two kinds compare by value`(left: JSON, right: JSON, order: NumberOrder) {
        #expect(left.order(to: right) == order)
        #expect(right.order(to: left) == order.reversed)
    }

    @Test func `not-a-number and what is no number have no order`() {
        for other: JSON in [1, .double(1), .number("1e400"), .double(.nan), "1", .null] {
            #expect(JSON.double(.nan).order(to: other) == nil && other.order(to: .double(.nan)) == nil)
            #expect(JSON.string("1").order(to: other) == nil && other.order(to: [1]) == nil)
        }
    }

    /// Where kinds meet: around the limits of integers and doubles, with texts just beside each.
    private static var neighbours: [JSON] {
        var numbers: [JSON] = [.double(.infinity), .double(-.infinity), .number("1e400"), .number("-1e400")]
        for base in [0, 0.1, 1.5, 0x1p53, 0x1p63, 0x1p64, 1e22, 1e23, 1e300] {
            for double in [base.nextDown, base, base.nextUp, -base] {
                numbers.append(.double(double))
                let whole = abs(double) < 0x1p100 ? "\(Int128(double))" : "\(double)"
                for text in [
                    "\(double)", whole, whole + (whole.contains("e") ? "" : ".0000000000000000000001"),
                ] {
                    numbers.append(.number(text))
                }
                if let integer = Int64(exactly: double.rounded()) { numbers.append(.int(integer)) }
                if let integer = UInt64(exactly: double.rounded()), integer > 1 << 63 {
                    numbers += [.uint(integer), .uint(integer - 1)]
                }
            }
        }
        return numbers
    }

    @Test func `all numbers are in one order`() throws {
        let sorted = Self.neighbours.sorted { $0.order(to: $1) == .less }
        for (position, left) in sorted.enumerated() {
            #expect(left.order(to: left) == .equal)
            for right in sorted[position...] {
                let order = try #require(left.order(to: right))
                #expect(order != .greater, "\(left) \(right)")
                #expect(right.order(to: left) == order.reversed)
            }
        }
    }

    @Test func `a number as long as a document is compared at once, whatever its exponent`() {
        let long = String(repeating: "9", count: 1_000_000)
        #expect(JSON.number("0.\(long)").order(to: 1) == .less)
        #expect(JSON.number("\(long)e-1000000").order(to: .number("0.\(long)")) == .equal)
        #expect(JSON.number("1e-\(long)").order(to: 0) == .greater)
        #expect(JSON.number("1e\(long)").order(to: .uint(.max)) == .greater)
    }
}
