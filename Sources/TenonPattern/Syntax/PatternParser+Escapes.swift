internal import TenonModel

/// What a `\` and the characters after it stand for.
enum PatternEscape {
    case scalar(UInt32)
    case set(ScalarSet)
    case assertion(PatternAssertion)
    /// Noted as not supported.
    case reference
}

extension PatternParser {
    mutating func escapedAtom(from start: Int) throws(PatternError) -> PatternAtom {
        switch try escape(from: start, inClass: false) {
        case .scalar(let value): PatternAtom(try literal(value))
        case .set(let set): PatternAtom(.scalar(set))
        case .assertion(let kind): assertion(kind)
        case .reference: PatternAtom(.sequence([]))
        }
    }

    /// Reads on after a `\`.
    mutating func escape(from start: Int, inClass: Bool) throws(PatternError) -> PatternEscape {
        guard let scalar = current else { throw invalid("ends with a \\", at: start) }
        position += 1
        switch scalar {
        case "d": return .set(.digits)
        case "D": return .set(ScalarSet.digits.inverted)
        case "w": return .set(try folded(.word))
        case "W": return .set(try folded(.word).inverted)
        case "s": return .set(space)
        case "S": return .set(space.inverted)
        case "t": return .scalar(0x09)
        case "n": return .scalar(0x0A)
        case "v": return .scalar(0x0B)
        case "f": return .scalar(0x0C)
        case "r": return .scalar(0x0D)
        case "b" where !inClass: return .assertion(.wordBoundary)
        case "B" where !inClass: return .assertion(.notWordBoundary)
        case "p", "P": return .set(try property(isNegated: scalar == "P", from: start))
        default:
            let special =
                syntax == .ecma
                ? try ecmaEscape(scalar, from: start, inClass: inClass)
                : try re2Escape(scalar, from: start, inClass: inClass)
            guard let special else {
                throw invalid("has the escape \\\(scalar), which does not exist", at: start)
            }
            return special
        }
    }

    private var space: ScalarSet { syntax == .ecma ? .wideSpace : .asciiSpace }

    private mutating func ecmaEscape(
        _ scalar: Unicode.Scalar, from start: Int, inClass: Bool
    ) throws(PatternError) -> PatternEscape? {
        switch scalar {
        case "b": return .scalar(0x08)
        case "c":
            guard let letter = current, letter.isASCII, letter.properties.isAlphabetic else { return nil }
            position += 1
            return .scalar(letter.value & 0x1F)
        case "0":
            if let next = current, ("0"..."9").contains(next) { return nil }
            return .scalar(0)
        case "x": return hexadecimal(count: 2).map { .scalar($0) }
        case "u": return try unicodeEscape(from: start).map { .scalar($0) }
        case "k" where !inClass && take("<"):
            references.refer(to: try groupName(), at: start)
        case "1"..."9" where !inClass:
            position -= 1
            references.refer(to: decimal() ?? 0, at: start)
        // Outside of a class ECMA-262 does not know \-. Schemas have it often, and it can mean one thing only.
        case _ where "^$\\.*+?()[]{}|/-".unicodeScalars.contains(scalar): return .scalar(scalar.value)
        default: return nil
        }
        noteUnsupported("uses a back-reference, which is not supported: it has no bound in time", at: start)
        return .reference
    }

    private mutating func re2Escape(
        _ scalar: Unicode.Scalar, from start: Int, inClass: Bool
    ) throws(PatternError) -> PatternEscape? {
        switch scalar {
        case "A" where !inClass: return .assertion(.textBegin)
        case "z" where !inClass: return .assertion(.textEnd)
        case "a": return .scalar(0x07)
        case "x": return (current == "{" ? bracedHexadecimal() : hexadecimal(count: 2)).map { .scalar($0) }
        case "C":
            noteUnsupported("uses \\C, a single byte, which is not supported", at: start)
            return .reference
        case "0"..."7":
            // One digit alone is a back-reference, except for 0.
            var value = scalar.value - 0x30
            var count = 1
            while count < 3, let digit = current, ("0"..."7").contains(digit) {
                value = value * 8 + digit.value - 0x30
                position += 1
                count += 1
            }
            guard count > 1 || scalar == "0" else {
                throw invalid("uses a back-reference, which RE2 does not have", at: start)
            }
            return .scalar(value)
        default:
            let isPunctuation =
                scalar.isASCII && scalar.value > 0x20 && scalar.value < 0x7F
                && !ScalarSet.word.contains(scalar.value)
            return isPunctuation || scalar == "_" || scalar == " " ? .scalar(scalar.value) : nil
        }
    }

    private mutating func hexadecimal(count: Int) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = current?.hexadecimalValue else { return nil }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    /// `{...}` with a number of Unicode's range.
    private mutating func bracedHexadecimal() -> UInt32? {
        guard take("{") else { return nil }
        let start = position
        var value: UInt32 = 0
        while let digit = current?.hexadecimalValue, value <= ScalarSet.last {
            value = value << 4 | digit
            position += 1
        }
        return position > start && value <= ScalarSet.last && take("}") ? value : nil
    }

    /// ECMA-262's `\u1234`, `\u{1F432}`, and two in a row for one character above U+FFFF.
    private mutating func unicodeEscape(from start: Int) throws(PatternError) -> UInt32? {
        if current == "{" { return bracedHexadecimal() }
        guard let high = hexadecimal(count: 4) else { return nil }
        guard (0xD800...0xDBFF).contains(high) else { return high }
        let end = position
        if take("\\u"), let low = hexadecimal(count: 4), (0xDC00...0xDFFF).contains(low) {
            return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
        position = end
        return high
    }

    /// Reads on after `\p` or `\P`.
    private mutating func property(isNegated: Bool, from start: Int) throws(PatternError) -> ScalarSet {
        var isNegated = isNegated
        var name = ""
        if take("{") {
            if syntax == .re2, take("^") { isNegated.toggle() }
            while let scalar = current, scalar != "}", name.unicodeScalars.count < 100 {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw invalid("has a \\p{ without }", at: start) }
        } else if syntax == .re2, let scalar = current {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let set = UnicodeProperties.shared.set(named: name) else {
            throw invalid("has a \\p with a property \"\(name)\" that is not known", at: start)
        }
        guard makesSets else { return ScalarSet() }
        let all = try foldedProperty(name, set)
        return isNegated ? all.inverted : all
    }
}

extension Unicode.Scalar {
    fileprivate var hexadecimalValue: UInt32? {
        UInt8(exactly: value).flatMap(HexText.value(of:)).map(UInt32.init)
    }
}
