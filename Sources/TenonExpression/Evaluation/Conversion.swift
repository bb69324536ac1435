internal import TenonJSON
internal import TenonTime

/// Conversions between types; nil where a value has no counterpart.
enum Conversion {
    static func string(_ value: Value) -> Value? {
        switch value {
        case .string: value
        case .bool(let value): .string(value ? "true" : "false")
        case .int(let value): .string("\(value)")
        case .uint(let value): .string("\(value)")
        case .number(let text): .string(text)
        case .double(let value): .string(text(value))
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self).map { .string($0) }
        case .timestamp, .duration, .custom: .string(value.text)
        default: nil
        }
    }

    /// The shortest digits that give the same double, whole numbers without a point.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
            return whole == 0 && value.sign == .minus ? "-0" : "\(whole)"
        }
        return "\(value)"
    }

    static func bytes(_ value: Value) -> Value? {
        switch value {
        case .bytes: value
        case .string(let text): .bytes(Array(text.utf8))
        default: nil
        }
    }

    static func int(_ value: Value) -> Int64? {
        switch value {
        case .int(let value): return value
        case .uint(let value): return Int64(exactly: value)
        case .double(let value):
            // Both limits are left out: a double there may stand for an integer beyond them.
            guard value > -0x1p63, value < 0x1p63 else { return nil }
            return Int64(exactly: value.rounded(.towardZero))
        case .string(let text): return Int64(text)
        case .number(let text): return ExactDecimal(text)?.wholePart.flatMap { Int64(exactly: $0) }
        case .timestamp(let instant): return instant.seconds
        default: return nil
        }
    }

    static func uint(_ value: Value) -> UInt64? {
        switch value {
        case .int(let value): return UInt64(exactly: value)
        case .uint(let value): return value
        case .double(let value):
            guard value >= 0 else { return nil }
            return UInt64(exactly: value.rounded(.towardZero))
        case .string(let text): return UInt64(text)
        case .number(let text):
            guard let decimal = ExactDecimal(text), !decimal.isNegative else { return nil }
            return decimal.wholePart.flatMap { UInt64(exactly: $0) }
        default: return nil
        }
    }

    static func double(_ value: Value) -> Double? {
        guard case .string(let text) = value else { return value.nearestDouble }
        guard let double = Double(text) else { return nil }
        // Digits that stand for more than any double are not infinity.
        return double.isInfinite && text.utf8.contains(where: \.isDigit) ? nil : double
    }

    static func bool(_ value: Value) -> Bool? {
        switch value {
        case .bool(let value): value
        case .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("1"): true
        case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("0"): false
        default: nil
        }
    }

    /// Of RFC 3339 text, or of Unix seconds.
    static func timestamp(_ value: Value) -> Instant? {
        switch value {
        case .timestamp(let instant): return instant
        case .int(let seconds): return Instant(seconds: seconds)
        case .string(let text):
            guard let time = RFC3339.parse(text) else { return nil }
            return Instant(seconds: time.seconds, nanoseconds: time.nanoseconds)
        default: return nil
        }
    }

    /// In nanoseconds.
    static func duration(_ value: Value) -> Int64? {
        switch value {
        case .duration(let nanoseconds): nanoseconds
        case .string(let text): DurationText.parse(text)
        default: nil
        }
    }
}

extension Instant {
    /// RFC 3339 in UTC, with as many decimals as are needed.
    var text: String {
        var text = RFC3339.print(seconds: seconds)
        guard nanoseconds > 0 else { return text }
        text.removeLast()
        var digits = RFC3339.padded(Int(nanoseconds), 9)
        while digits.hasSuffix("0") { digits.removeLast() }
        return text + "." + digits + "Z"
    }
}
