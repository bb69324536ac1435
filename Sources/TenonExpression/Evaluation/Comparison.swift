internal import TenonJSON
internal import TenonModel

/// Equality and order of values. Numbers compare by value whatever their type, strings by UTF-8 bytes.
enum Comparison {
    enum Order {
        case less
        case equal
        case greater
        /// Not-a-number, or types without an order between them.
        case none
    }

    static func areEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left == right && left.utf8.elementsEqual(right.utf8)
        case (.bool(let left), .bool(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        case (.custom(let left), .custom(let right)): left.isEqual(to: right)
        case (.optional(let left), .optional(let right)):
            switch (left, right) {
            case (nil, nil): true
            case (let left?, let right?): areEqual(left, right)
            default: false
            }
        case (.null, .null), (.missing, .missing), (.null, .missing), (.missing, .null): true
        case (.list, _), (.jsonList, _): listsAreEqual(left, right)
        case (.map, _), (.jsonObject, _): mapsAreEqual(left, right)
        default: order(left, right) == .equal
        }
    }

    private static func listsAreEqual(_ left: Value, _ right: Value) -> Bool {
        // Looked at first: making elements of a list takes time with its length.
        guard left.memberCount == right.memberCount, let left = left.elements, let right = right.elements
        else { return false }
        return zip(left, right).allSatisfy { areEqual($0, $1) }
    }

    private static func mapsAreEqual(_ left: Value, _ right: Value) -> Bool {
        guard left.isMap, right.isMap, left.memberCount == right.memberCount, let entries = left.entries
        else { return false }
        let index = EntryIndex(right)
        return entries.allSatisfy { entry in
            guard let value = index.value(of: entry.key) else { return false }
            return areEqual(entry.value, value)
        }
    }

    static func order(_ left: Value, _ right: Value) -> Order {
        switch (left, right) {
        case (.int(let left), .int(let right)): return order(left, right)
        case (.string(let left), .string(let right)):
            if left == right, left.utf8.elementsEqual(right.utf8) { return .equal }
            return left.utf8Precedes(right) ? .less : .greater
        case (.double(let left), .double(let right)): return order(left, right)
        case (.bool(let left), .bool(let right)): return order(left ? 1 : 0, right ? 1 : 0)
        case (.bytes(let left), .bytes(let right)):
            return left == right ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
        case (.timestamp(let left), .timestamp(let right)): return order(left, right)
        case (.duration(let left), .duration(let right)): return order(left, right)
        default:
            guard left.isNumber, right.isNumber else { return .none }
            return Order(left.json.order(to: right.json))
        }
    }

    private static func order<Some: Comparable>(_ left: Some, _ right: Some) -> Order {
        Order(NumberOrder(left, right))
    }
}

/// Finds the entries of a map without a walk over all of them for each.
private struct EntryIndex {
    private static let least = 8
    private let map: Value
    private var positions: [ValueKey: Int]?

    init(_ map: Value) {
        self.map = map
        guard case .map(let entries) = map, entries.count >= Self.least else { return }
        var positions: [ValueKey: Int] = [:]
        for (position, entry) in entries.enumerated() {
            // Keys are texts, integers and truth values; for any other the map is walked.
            guard let key = ValueKey(entry.key) else { return }
            if positions[key] == nil { positions[key] = position }
        }
        self.positions = positions
    }

    func value(of key: Value) -> Value? {
        guard let positions, case .map(let entries) = map else { return map.entry(key) }
        return ValueKey(key).flatMap { positions[$0] }.map { entries[$0].value }
    }
}

extension Comparison.Order {
    fileprivate init(_ order: NumberOrder?) {
        self =
            switch order {
            case .less: .less
            case .equal: .equal
            case .greater: .greater
            case nil: .none
            }
    }
}

extension Value {
    var integer: Int128? {
        switch self {
        case .int(let value): Int128(value)
        case .uint(let value): Int128(value)
        default: nil
        }
    }

    /// The nearest double of any number.
    var nearestDouble: Double? {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        case .number(let text): Double(text)
        default: nil
        }
    }

    /// The nearest double of a JSON number that has a fraction or an exponent; nil of a whole one, which would
    /// lose digits, and of one that no double is near to.
    var doubleOfDecimal: Double? {
        guard case .number(let text) = self, text.utf8.contains(where: { !$0.isDigit && $0 != 0x2D }),
            let double = Double(text), double.isFinite
        else { return nil }
        return double
    }

    var isNumber: Bool {
        switch self {
        case .int, .uint, .double, .number: true
        default: false
        }
    }
}
