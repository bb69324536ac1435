internal import TenonJSON
internal import TenonModel

/// A value to be looked up by: equal keys are equal values. Lists and maps have none.
enum ValueKey: Hashable {
    case null
    case bool(Bool)
    case integer(Int128)
    case double(Double)
    /// What no machine number is equal to.
    case decimal(ExactDecimal)
    case text([UInt8])
    case bytes([UInt8])
    case instant(Instant)
    case duration(Int64)

    init?(_ value: Value) {
        switch value {
        case .null, .missing: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .integer(Int128(value))
        case .uint(let value): self = .integer(Int128(value))
        case .double(let value):
            // 1.0 is equal to 1; not-a-number to nothing.
            if value.isNaN { return nil }
            self = value.integerTo64Bits.map { .integer($0) } ?? .double(value)
        case .number(let text):
            guard let key = Self(number: text) else { return nil }
            self = key
        case .string(let text): self = .text(Array(text.utf8))
        case .bytes(let bytes): self = .bytes(bytes)
        case .timestamp(let instant): self = .instant(instant)
        case .duration(let nanoseconds): self = .duration(nanoseconds)
        case .type, .optional, .custom, .list, .map, .jsonList, .jsonObject: return nil
        }
    }
}

extension ValueKey {
    /// The key of an equal machine number where there is one.
    private init?(number text: String) {
        guard let decimal = ExactDecimal(text) else { return nil }
        if decimal.isInteger, let integer = decimal.wholePart, integer.magnitude <= 1 << 64 {
            self = .integer(integer)
        } else if let double = Double(text), JSON.double(double).order(to: .number(text)) == .equal {
            self = .double(double)
        } else {
            self = .decimal(decimal)
        }
    }
}

/// Values to be looked up in, without two equal ones.
struct ValueSet {
    private var keys: Set<ValueKey> = []
    /// Those that have no key, compared one by one.
    private var others: [Value] = []

    init() {}

    init(_ values: [Value], _ context: inout CallContext) throws(TenonError) {
        for value in values { try insert(value, &context) }
    }

    func contains(_ value: Value, _ context: inout CallContext) throws(TenonError) -> Bool {
        try context.spend(1)
        if let key = ValueKey(value) { return keys.contains(key) }
        for other in others {
            try context.spendComparing(value)
            if Comparison.areEqual(other, value) { return true }
        }
        return false
    }

    /// Whether it was not there.
    @discardableResult
    mutating func insert(_ value: Value, _ context: inout CallContext) throws(TenonError) -> Bool {
        if try contains(value, &context) { return false }
        if let key = ValueKey(value) { keys.insert(key) } else { others.append(value) }
        return true
    }
}
