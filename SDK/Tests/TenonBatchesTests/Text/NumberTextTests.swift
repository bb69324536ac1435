import TenonBatches
import Testing

@Suite struct NumberTextTests {
    private func int64(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes { NumberText.int64($0) } }
    private func uint64(_ text: String) -> UInt64? {
        Array(text.utf8).withUnsafeBytes { NumberText.uint64($0) }
    }
    private func double(_ text: String) -> Double? {
        Array(text.utf8).withUnsafeBytes { NumberText.double($0) }
    }
    private func written(_ write: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            String(decoding: buffer[0..<write(buffer.baseAddress!)], as: UTF8.self)
        }
    }

    /// Numbers of every length, half of them near a power of ten.
    private func magnitudes() -> [UInt64] {
        var random = SeededRandom(11)
        var values: [UInt64] = [0, 1, 9, .max, .max - 1, 1 << 63, 1 << 63 - 1, 1 << 63 + 1]
        var power: UInt64 = 1
        for _ in 0..<19 {
            power *= 10
            values += [power - 1, power, power + 1]
        }
        for bits in 1...64 {
            for _ in 0..<200 { values.append(random.next() >> UInt64(64 - bits)) }
        }
        return values
    }

    @Test func `integers are read and written as they are`() {
        for value in magnitudes() {
            #expect(uint64("\(value)") == value)
            #expect(int64("\(value)") == Int64(exactly: value))
            #expect(written { NumberText.write(value, to: $0) } == "\(value)")
            let signed = Int64(bitPattern: value)
            #expect(int64("\(signed)") == signed)
            #expect(written { NumberText.write(signed, to: $0) } == "\(signed)")
        }
        #expect(int64("007") == 7 && uint64("000000000000000000000000012") == 12)
    }

    @Test(arguments: [
        "", "-", "+1", " 1", "1 ", "1.0", "1e3", "a", "12a4", "1234567a", "123456789012a", "--1",
        "18446744073709551616",
        "-9223372036854775809", "99999999999999999999999", "\u{0660}", "1\0",
    ]) func `what is no integer is refused`(_ text: String) {
        #expect(int64(text) == nil)
        #expect(uint64(text) == nil)
    }

    @Test func `text with another byte anywhere is refused`() {
        for count in 1...20 {
            for place in 0..<count {
                for other in [UInt8(0x2F), 0x3A, 0x00, 0xFF, 0xB0, 0x80] {
                    var text = [UInt8](repeating: 0x31, count: count)
                    text[place] = other
                    #expect(text.withUnsafeBytes { NumberText.uint64($0) } == nil)
                    #expect(text.withUnsafeBytes { NumberText.double($0) } == nil)
                }
            }
        }
    }

    @Test func `doubles are read as the nearest and written as the shortest`() {
        var random = SeededRandom(12)
        var values: [Double] = [
            0, -0.0, 1, 0.1, 1e-3, 9.995e-4, 1e12, 1e15, 1e16, 1e22, 1e23, Double.leastNonzeroMagnitude,
            2.2250738585072014e-308,
        ]
        values += [0x1p53, 0x1p54, .greatestFiniteMagnitude, 123456789.123, 999999999999.999, 0.001, 0.005]
        for _ in 0..<20_000 {
            values.append(Double(Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)) / 100)
            values.append(Double(Int64.random(in: -1_000_000...1_000_000, using: &random)) / 1000)
            values.append(Double(Int64.random(in: 0...1 << 53, using: &random)) / 1e6)
            values.append(Double.random(in: -1e6...1e6, using: &random))
            let any = Double(bitPattern: random.next())
            if any.isFinite { values.append(any) }
        }
        for value in values {
            let text = "\(value)"
            #expect(double(text)?.bitPattern == value.bitPattern, "\(text)")
            #expect(written { NumberText.write(value, to: $0) } == text)
            #expect(written { NumberText.write(-value, to: $0) } == "\(-value)")
            let float = Float(value)
            #expect(written { NumberText.write(float, to: $0) } == "\(float)")
        }
        for value in [Double.nan, .infinity, -.infinity] {
            #expect(written { NumberText.write(value, to: $0) } == "\(value)")
        }
    }

    @Test func `decimals of any form are read as the standard library reads them`() {
        var random = SeededRandom(13)
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &random))) })
        }
        for _ in 0..<20_000 {
            var text = Bool.random(using: &random) ? "-" : ""
            text += digits(Int.random(in: 1...24, using: &random))
            if Bool.random(using: &random) { text += "." + digits(Int.random(in: 1...24, using: &random)) }
            if Int.random(in: 0..<4, using: &random) == 0 {
                text += ["e", "E", "e+", "e-"][Int.random(in: 0..<4, using: &random)]
                text += "\(Int.random(in: 0...40, using: &random))"
            }
            #expect(double(text) == Double(text), "\(text)")
        }
        #expect(double(".5") == 0.5 && double("5.") == 5 && double("-.25") == -0.25)
    }

    @Test(arguments: [
        "", "-", ".", "-.", "1.2.3", "1..2", "1e", "1e+", "e5", "+1", "nan", "inf", "0x10", "1_000", "1,5",
        " 1", "1 ",
        "1e999", "-1e999", "1e99999999999999999999", "12.3a", "123456.7.",
    ]) func `what is no number, or beyond a double, is refused`(_ text: String) {
        #expect(double(text) == nil)
    }

    @Test func `significant digits leave out zeros at both ends`() {
        func count(_ text: String) -> Int {
            Array(text.utf8).withUnsafeBytes { NumberText.significantDigits($0) }
        }
        #expect(count("0.12345678901234567891") == 20)
        #expect(count("-00120.0e12") == 2)
        #expect(count("0.0") == 0)
    }
}
