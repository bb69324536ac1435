/// Doubles as text in a form that is asked for.
enum NumberFormat {
    /// The most places that a format may ask for.
    static let maxPlaces = 1_000

    /// `1234.50`; `places` from 0 to `maxPlaces`.
    static func fixed(_ value: Double, places: Int) -> String {
        if let name = nameOfSpecial(value) { return name }
        var expansion = DecimalExpansion(value)
        expansion.round(toPlaces: places)
        return expansion.fixedText(places: places)
    }

    /// `1.052033e+03`; `places` from 0 to `maxPlaces`.
    static func scientific(_ value: Double, places: Int) -> String {
        if let name = nameOfSpecial(value) { return name }
        var expansion = DecimalExpansion(value)
        expansion.round(toDigits: places + 1)
        // Rounding up may have made one digit more.
        if expansion.digits.count > places + 1 { expansion.round(toDigits: places + 1) }
        let digits = expansion.digits
        let exponent = digits.isEmpty ? 0 : digits.count - 1 - expansion.scale
        var text = digits.prefix(places + 1).map { $0 + UInt8(ascii: "0") }
        text += [UInt8](repeating: UInt8(ascii: "0"), count: places + 1 - text.count)
        if places > 0 { text.insert(UInt8(ascii: "."), at: 1) }
        let size = String(exponent.magnitude)
        return (expansion.isNegative ? "-" : "") + String(decoding: text, as: UTF8.self)
            + (exponent < 0 ? "e-" : "e+") + (size.utf8.count < 2 ? "0" + size : size)
    }

    /// The shortest text that stands for the value, without an exponent: `3.14`, `1000000`, `NaN`.
    static func plain(_ value: Double) -> String {
        if let name = nameOfSpecial(value) { return name }
        // Swift's description has the shortest digits, but may have an exponent.
        let text = Array(value.magnitude.description.utf8)
        let parts = text.split(separator: UInt8(ascii: "e"), maxSplits: 1)
        let exponent = parts.count == 2 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0
        let mantissa = parts.first.map(Array.init) ?? []
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        var pointPosition = point + exponent
        while digits.count > 1, digits.last == UInt8(ascii: "0"), digits.count > pointPosition {
            digits.removeLast()
        }
        if pointPosition <= 0 {
            digits.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "0"), count: 1 - pointPosition), at: 0)
            pointPosition = 1
        }
        if digits.count < pointPosition {
            digits += [UInt8](repeating: UInt8(ascii: "0"), count: pointPosition - digits.count)
        }
        if digits.count > pointPosition { digits.insert(UInt8(ascii: "."), at: pointPosition) }
        return (value.sign == .minus ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }

    private static func nameOfSpecial(_ value: Double) -> String? {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return nil
    }
}
