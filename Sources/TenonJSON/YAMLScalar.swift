/// What a plain scalar of YAML stands for by the core schema of YAML 1.2: null, booleans and numbers; all else is
/// text, `yes`, `no`, `12:30` and dates too.
package enum YAMLScalar {
    /// Nil for infinity and what is not a number, which JSON lacks, and for what 64 bits do not hold in another base.
    package static func json(_ text: String) -> JSON? {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return nil
        default: return number(text)
        }
    }

    private static func number(_ text: String) -> JSON? {
        var scalar = text.utf8[...]
        if let (digits, radix) = digitsInBase(scalar) {
            return UInt64(digits, radix: radix).map { value in
                Int64(exactly: value).map { .int($0) } ?? .uint(value)
            }
        }
        let isNegative = scalar.first == UInt8(ascii: "-")
        if isNegative || scalar.first == UInt8(ascii: "+") { scalar.removeFirst() }
        if [".inf", ".Inf", ".INF"].contains(where: { scalar.elementsEqual($0.utf8) }) { return nil }
        let whole = takeDigits(&scalar)
        var fraction = scalar[scalar.endIndex...]
        if scalar.first == UInt8(ascii: ".") {
            scalar.removeFirst()
            fraction = takeDigits(&scalar)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return .string(text) }
        var exponent = scalar
        if let first = scalar.popFirst() {
            guard first | 0x20 == UInt8(ascii: "e") else { return .string(text) }
            if scalar.first == UInt8(ascii: "-") || scalar.first == UInt8(ascii: "+") { scalar.removeFirst() }
            guard !takeDigits(&scalar).isEmpty, scalar.isEmpty else { return .string(text) }
        } else {
            exponent = scalar
        }
        // As JSON writes it: without a plus, with one digit before the point and none too many.
        let significant = whole.drop { $0 == UInt8(ascii: "0") }
        var written = isNegative ? "-" : ""
        written += significant.isEmpty ? "0" : String(decoding: significant, as: UTF8.self)
        if !fraction.isEmpty { written += "." + String(decoding: fraction, as: UTF8.self) }
        written += String(decoding: exponent, as: UTF8.self)
        // `try?`: a number that is too long to be one stays text.
        return (try? JSONParser.parse(written)) ?? .string(text)
    }

    /// The digits of `0x1F` and `0o17`; nil for all else.
    private static func digitsInBase(_ scalar: Substring.UTF8View) -> (digits: Substring, radix: Int)? {
        let radix = scalar.starts(with: "0x".utf8) ? 16 : scalar.starts(with: "0o".utf8) ? 8 : 0
        let digits = Substring(scalar.dropFirst(2))
        let areDigits = digits.allSatisfy { $0.isASCII && $0.hexDigitValue ?? radix < radix }
        return areDigits && !digits.isEmpty ? (digits, radix) : nil
    }

    private static func takeDigits(_ scalar: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = scalar.prefix { $0 &- UInt8(ascii: "0") < 10 }
        scalar = scalar[digits.endIndex...]
        return digits
    }
}
