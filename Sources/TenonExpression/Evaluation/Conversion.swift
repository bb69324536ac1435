internal import TenonJSON

/// Conversions between types; nil where a value has no counterpart.
enum Conversion {
    static func convert(_ value: Value, by function: Function) -> Value? {
        switch function {
        case .string: string(value)
        case .int: int(value).map { .int($0) }
        case .uint: uint(value).map { .uint($0) }
        case .double: double(value).map { .double($0) }
        case .bool: bool(value).map { .bool($0) }
        default: value
        }
    }

    private static func string(_ value: Value) -> Value? {
        switch value {
        case .string: return value
        case .bool(let value): return .string(value ? "true" : "false")
        case .int(let value): return .string("\(value)")
        case .uint(let value): return .string("\(value)")
        case .number(let text): return .string(text)
        case .double(let value):
            if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return .string("\(whole)") }
            return .string("\(value)")
        case .bytes(let bytes): return String(validating: bytes, as: UTF8.self).map { .string($0) }
        default: return nil
        }
    }

    private static func int(_ value: Value) -> Int64? {
        switch value {
        case .int(let value): value
        case .uint(let value): Int64(exactly: value)
        case .double(let value): Int64(exactly: value.rounded(.towardZero))
        case .string(let text), .number(let text): Int64(text)
        default: nil
        }
    }

    private static func uint(_ value: Value) -> UInt64? {
        switch value {
        case .int(let value): UInt64(exactly: value)
        case .uint(let value): value
        case .double(let value): UInt64(exactly: value.rounded(.towardZero))
        case .string(let text), .number(let text): UInt64(text)
        default: nil
        }
    }

    private static func double(_ value: Value) -> Double? {
        if case .string(let text) = value { return Double(text) }
        return value.nearestDouble
    }

    private static func bool(_ value: Value) -> Bool? {
        switch value {
        case .bool(let value): value
        case .string("true"), .string("True"), .string("TRUE"), .string("t"), .string("1"): true
        case .string("false"), .string("False"), .string("FALSE"), .string("f"), .string("0"): false
        default: nil
        }
    }
}
