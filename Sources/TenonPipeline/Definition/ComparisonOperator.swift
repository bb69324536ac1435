internal import TenonColumns

/// The operators of filter conditions.
package enum ComparisonOperator: String, Sendable, CaseIterable {
    case equals, notEquals, greaterThan, greaterOrEqual, lessThan, lessOrEqual
    case `in`, notIn
    case contains, startsWith, endsWith, matches
    case exists, isNull
    case between

    private static let aliases: [String: ComparisonOperator] = [
        "=": .equals, "==": .equals, "===": .equals, "eq": .equals, "!=": .notEquals, "!==": .notEquals,
        "<>": .notEquals, "ne": .notEquals, ">": .greaterThan, "gt": .greaterThan, ">=": .greaterOrEqual,
        "gte": .greaterOrEqual, "greaterThanOrEqual": .greaterOrEqual, "greaterThanOrEquals": .greaterOrEqual,
        "<": .lessThan, "lt": .lessThan, "<=": .lessOrEqual, "lte": .lessOrEqual,
        "lessThanOrEqual": .lessOrEqual,
        "lessThanOrEquals": .lessOrEqual,
    ]

    /// The operator of that name or symbol.
    init?(name: String) {
        guard let found = ComparisonOperator(rawValue: name) ?? Self.aliases[name] else { return nil }
        self = found
    }

    static let supported = allCases.map(\.rawValue)

    /// Whether it is true for a missing field where its opposite is false.
    var isNegation: Bool { self == .notEquals || self == .notIn }

    var order: ComparisonKind? {
        switch self {
        case .equals, .notEquals: .equal
        case .greaterThan: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .lessThan: .less
        case .lessOrEqual: .lessOrEqual
        default: nil
        }
    }
}
