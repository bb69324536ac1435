package import TenonJSON

/// A comparison of a top-level name with a constant, such as `status == 'active'` or `cost in [1, 2]`.
package struct SimpleComparison: Sendable, Equatable {
    package enum Operator: String, Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, isIn
    }
    package let name: String
    package let operation: Operator
    /// A list for `isIn`.
    package let value: JSON
}

extension Expression {
    /// The comparisons that must all hold, where the expression is nothing but these.
    package var simpleComparisons: [SimpleComparison]? {
        var comparisons: [SimpleComparison] = []
        return root.collect(into: &comparisons) ? comparisons : nil
    }
}

extension Node {
    fileprivate func collect(into comparisons: inout [SimpleComparison]) -> Bool {
        switch self {
        case .all(let nodes, _):
            for node in nodes where !node.collect(into: &comparisons) { return false }
            return true
        case .binary(let sign, let left, let right, _):
            guard let comparison = Self.comparison(sign, left, right) else { return false }
            comparisons.append(comparison)
            return true
        default: return false
        }
    }

    private static func comparison(_ sign: BinaryOperator, _ left: Node, _ right: Node) -> SimpleComparison? {
        guard let operation = operation(sign) else { return nil }
        if let name = left.name, let value = right.constant {
            guard (operation == .isIn) == (value.array != nil) else { return nil }
            return SimpleComparison(name: name, operation: operation, value: value)
        }
        guard let name = right.name, let value = left.constant, value.array == nil,
            let mirrored = mirrored(operation)
        else { return nil }
        return SimpleComparison(name: name, operation: mirrored, value: value)
    }

    private static func operation(_ sign: BinaryOperator) -> SimpleComparison.Operator? {
        switch sign {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .isIn: .isIn
        case .add, .subtract, .multiply, .divide, .remainder: nil
        }
    }

    private static func mirrored(_ operation: SimpleComparison.Operator) -> SimpleComparison.Operator? {
        switch operation {
        case .equal, .notEqual: operation
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .isIn: nil
        }
    }

    private var name: String? {
        guard case .path(let path) = self, path.members.isEmpty else { return nil }
        return path.root
    }

    private var constant: JSON? {
        switch self {
        // As JSON, bytes would be text.
        case .literal(.bytes): return nil
        case .literal(let value): return value.json
        case .negate(.literal(let value), _):
            switch value {
            case .int(let number) where number != .min: return .int(-number)
            case .double(let number): return .double(-number)
            default: return nil
            }
        case .list(let nodes):
            let elements = nodes.compactMap(\.constant)
            return elements.count == nodes.count ? .array(elements) : nil
        default: return nil
        }
    }
}
