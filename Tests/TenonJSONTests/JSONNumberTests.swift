import TenonJSON
import Testing

struct JSONNumberTests {
    @Test func `every double is read back from what Swift writes`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random))
            guard value.isNormal else { continue }
            for text in ["\(value)", "\(-value)"] {
                let expected = try #require(Double(text))
                #expect(try JSONParser.parse(text) == .double(expected), "\(text)")
            }
        }
    }

    @Test func `a number of up to fifteen digits is the nearest double, wherever its point is`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let digits = String(UInt64.random(in: 1...999_999_999_999_999, using: &random))
            let point = digits.index(
                digits.startIndex, offsetBy: Int.random(in: 1...digits.count, using: &random))
            let exponent = Int.random(in: -30...30, using: &random)
            let text = "\(digits[..<point]).\(digits[point...])0e\(exponent)"
            let expected = try #require(Double(text))
            #expect(try JSONParser.parse(text) == .double(expected), "\(text)")
        }
    }

    @Test func `a number that no double carries keeps its text, and no other does`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let digits = String(UInt64.random(in: 1_000_000_000_000_000...UInt64.max / 20, using: &random))
            let text = "0.\(digits)"
            let value = try #require(Double(text))
            func significant(_ text: String) -> String {
                var digits = text.prefix { $0 != "e" }.filter { $0 != "." }.drop { $0 == "0" }
                while digits.last == "0" { digits.removeLast() }
                return String(digits)
            }
            let survives = significant("\(value)") == significant(text)
            #expect(try JSONParser.parse(text) == (survives ? .double(value) : .number(text)), "\(text)")
        }
    }

    @Test(arguments: [
        ("0", JSON.int(0)), ("-1", .int(-1)), ("999999999999999999", .int(999_999_999_999_999_999)),
        ("-9223372036854775809", .number("-9223372036854775809")), ("0.0", .double(0)), ("0e999", .double(0)),
        ("1E+2", .double(100)), ("1e0000000000000000000001", .double(10)),
        ("123456789012345678", .int(123_456_789_012_345_678)),
        ("1.00000000000000000000", .double(1)), ("100000000000000000000000e-23", .double(1)),
        ("1e99999999999999999999", .number("1e99999999999999999999")), ("5e-324", .number("5e-324")),
        ("9007199254740993.0", .number("9007199254740993.0")),
        ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
    ])
    func `numbers at the edges are exact`(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test func `an exponent that makes up for a million places counts exactly`() throws {
        let zeros = String(repeating: "0", count: 1_000_001)
        #expect(try JSONParser.parse("0.\(zeros)1e1000001") == .double(0.1))
        #expect(try JSONParser.parse("0.\(zeros)1e1000002") == .double(1))
        #expect(try JSONParser.parse("1\(zeros)e-1000001") == .double(1))
        #expect(try JSONParser.parse("0.\(zeros)1e1000400") == .number("0.\(zeros)1e1000400"))
    }

    @Test func `minus zero keeps its sign`() throws {
        for text in ["-0", "-0.0", "-0e5"] {
            let value = try #require(try JSONParser.parse(text).double)
            #expect(value == 0 && value.sign == .minus, "\(text)")
        }
    }

    @Test(arguments: [
        "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "-01", "1.e1", "--1", "1_0", "Infinity", "NaN", "1 2",
    ])
    func `what is not a number is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }
}
