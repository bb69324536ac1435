internal import TenonJSON
internal import TenonModel

extension CallContext {
    /// Pays for comparing two values: nothing where a look at their sizes decides.
    mutating func spendComparing(_ left: Value, _ right: Value) throws(TenonError) {
        if case .string(let left) = left, case .string(let right) = right {
            try spend(bytes: min(left.utf8.count, right.utf8.count))
        } else if let count = left.memberCount, count == right.memberCount {
            try spendComparing(left)
        } else if case .optional(.some(let left)) = left, case .optional(.some(let right)) = right {
            try spendComparing(left, right)
        } else {
            try spend(bytes: left.numberBytes + right.numberBytes)
        }
    }

    /// Pays for comparing `value` with each of `count` others, beyond what these cost.
    mutating func spendComparing(_ value: Value, times count: Int) throws(TenonError) {
        let (bytes, isTooMuch) = value.numberBytes.multipliedReportingOverflow(by: count)
        try spend(bytes: isTooMuch ? .max : bytes)
    }

    /// Pays for comparing everything in `value` with something else.
    mutating func spendComparing(_ value: Value) throws(TenonError) {
        switch value {
        case .string(let text): try spend(bytes: text.utf8.count)
        case .bytes(let bytes): try spend(bytes: bytes.count)
        case .number(let text): try spend(bytes: text.utf8.count)
        case .optional(.some(let value)): try spendComparing(value)
        case .list(let values):
            try spend(values.count)
            for value in values { try spendComparing(value) }
        case .jsonList(let elements):
            try spend(elements.count)
            for element in elements { try spendComparing(Value(element)) }
        case .map(let entries):
            try spend(entries.count)
            for entry in entries { try spendComparing(entry.value) }
        case .jsonObject(let object):
            try spend(object.count)
            for member in object.members { try spendComparing(Value(member.value)) }
        default: break
        }
    }
}

extension Value {
    /// How long the texts of the numbers in it are that no machine number carries: a comparison reads the
    /// whole of such a number, even beside a short one.
    var numberBytes: Int {
        switch self {
        case .number(let text): text.utf8.count
        case .optional(let value): value?.numberBytes ?? 0
        case .list(let values): values.reduce(0) { $0 + $1.numberBytes }
        case .jsonList(let elements): elements.reduce(0) { $0 + Value($1).numberBytes }
        case .map(let entries): entries.reduce(0) { $0 + $1.value.numberBytes }
        case .jsonObject(let object): object.members.reduce(0) { $0 + Value($1.value).numberBytes }
        default: 0
        }
    }
}
