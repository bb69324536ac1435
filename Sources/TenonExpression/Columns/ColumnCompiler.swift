internal import TenonColumns
internal import TenonJSON

/// Works an expression out for columns of known types, by the rules of host mode.
struct ColumnCompiler {
    let types: [String: ColumnType]

    /// Nil where the value's kind is not known.
    func node(_ node: Node) -> ColumnNode? {
        switch node {
        case .literal(let value): return constant(value)
        case .path(let path): return column(path)
        case .not(let operand, _): return .not(condition(operand))
        case .negate(let operand, _): return negated(operand)
        case .all(let operands, _): return .decision(operands.map(condition), by: false)
        case .any(let operands, _): return .decision(operands.map(condition), by: true)
        case .binary(let sign, let left, let right, _): return binary(sign, left, right)
        case .coalesce(let left, let right):
            guard let (left, right) = alike(left, right) else { return nil }
            return .coalesced(left, right)
        case .choice(let condition, let first, let second, _):
            guard let (first, second) = alike(first, second) else { return nil }
            return .choice(self.condition(condition), first, second)
        case .call(let function, let arguments, _): return call(function, arguments)
        case .matches(let operand, let pattern, _):
            return .matches(text(operand) ?? .rowOnly(.text), pattern)
        default: return nil
        }
    }

    /// A truth value; what is not known to be one is left to the rows.
    func condition(_ node: Node) -> ColumnNode {
        guard let compiled = self.node(node), compiled.kind == .bool else { return .rowOnly(.bool) }
        return compiled
    }

    private func text(_ node: Node) -> ColumnNode? {
        guard let compiled = self.node(node), compiled.kind == .text else { return nil }
        return compiled
    }

    // MARK: Leaves

    private func constant(_ value: Value) -> ColumnNode? {
        switch value {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): Int64(exactly: value).map { .int($0) }
        case .double(let value): .double(value)
        case .string(let text): .text(Array(text.utf8))
        default: nil
        }
    }

    private func column(_ path: Path) -> ColumnNode? {
        guard path.members.isEmpty, let type = types[path.root] else { return nil }
        return ColumnReading.kind(type).map { .column(path.root, $0) }
    }

    private func negated(_ operand: Node) -> ColumnNode? {
        guard let operand = node(operand) else { return nil }
        switch operand {
        case .int(let value) where value != .min: return .int(-value)
        case .double(let value): return .double(-value)
        default: return operand.kind == .int || operand.kind == .double ? .negated(operand) : nil
        }
    }

    // MARK: Operators

    private func binary(_ sign: BinaryOperator, _ left: Node, _ right: Node) -> ColumnNode? {
        switch sign {
        case .add: arithmetic(.add, left, right)
        case .subtract: arithmetic(.subtract, left, right)
        case .multiply: arithmetic(.multiply, left, right)
        case .divide: arithmetic(.divide, left, right)
        case .remainder: arithmetic(.remainder, left, right)
        case .equal: equality(left, right, isNegated: false)
        case .notEqual: equality(left, right, isNegated: true)
        case .less: comparison(.less, left, right)
        case .lessOrEqual: comparison(.lessOrEqual, left, right)
        case .greater: comparison(.greater, left, right)
        case .greaterOrEqual: comparison(.greaterOrEqual, left, right)
        case .isIn: membership(left, right)
        }
    }

    private func arithmetic(_ operation: ArithmeticOperation, _ left: Node, _ right: Node) -> ColumnNode? {
        guard let left = node(left), let right = node(right) else { return nil }
        switch (left.kind, right.kind) {
        case (.int, .int): return .integers(operation, left, right)
        case (.text, .text): return operation == .add ? .joined(left, right) : nil
        default:
            guard let left = double(left), let right = double(right) else { return nil }
            return .doubles(operation, left, right)
        }
    }

    private func double(_ node: ColumnNode) -> ColumnNode? {
        switch (node, node.kind) {
        case (.int(let value), _) where value.magnitude <= 1 << 53: .double(Double(value))
        case (_, .int): .promoted(node)
        case (_, .double): node
        default: nil
        }
    }

    /// Both operands in one kind, numbers made doubles where only one is.
    private func sameKind(_ left: ColumnNode, _ right: ColumnNode) -> (ColumnNode, ColumnNode)? {
        if left.kind == right.kind { return (left, right) }
        guard let left = double(left), let right = double(right) else { return nil }
        return (left, right)
    }

    /// Two values of which one is taken: of exactly one kind, since it stays what it is.
    private func alike(_ left: Node, _ right: Node) -> (ColumnNode, ColumnNode)? {
        let (first, second) = (node(left), node(right))
        if let first, right.isNull { return (first, .null(first.kind)) }
        if let second, left.isNull { return (.null(second.kind), second) }
        guard let first, let second, first.kind == second.kind else { return nil }
        return (first, second)
    }

    private func equality(_ left: Node, _ right: Node, isNegated: Bool) -> ColumnNode {
        if left.isNull || right.isNull {
            guard let operand = node(left.isNull ? right : left) else { return .rowOnly(.bool) }
            return isNegated ? .not(.isNull(operand)) : .isNull(operand)
        }
        guard let left = node(left), let right = node(right), let (left, right) = sameKind(left, right) else {
            return .rowOnly(.bool)
        }
        return .comparison(.equal, left, right, isNegated: isNegated)
    }

    private func comparison(_ kind: ComparisonKind, _ left: Node, _ right: Node) -> ColumnNode {
        guard let left = node(left), let right = node(right), let (left, right) = sameKind(left, right) else {
            return .rowOnly(.bool)
        }
        return .comparison(kind, left, right, isNegated: false)
    }

    // MARK: Membership

    private func membership(_ value: Node, _ list: Node) -> ColumnNode {
        guard let value = node(value), let elements = constants(list) else { return .rowOnly(.bool) }
        var members: [ColumnNode] = []
        var hasNull = false
        for element in elements {
            if case .null = element {
                hasNull = true
                continue
            }
            guard let constant = constant(element) else { return .rowOnly(.bool) }
            // What is of another kind is equal to nothing here.
            guard let member = member(constant, of: value.kind) else { continue }
            members.append(member)
        }
        return .member(value, members, hasNull: hasNull)
    }

    private func constants(_ list: Node) -> [Value]? {
        switch list {
        case .literal(let value): return value.elements
        case .list(let nodes):
            let values = nodes.compactMap { node -> Value? in
                if case .literal(let value) = node { return value }
                guard case .negate(let inner, _) = node, case .literal(let value) = inner else { return nil }
                switch value {
                case .int(let value) where value != .min: return .int(-value)
                case .double(let value): return .double(-value)
                default: return nil
                }
            }
            return values.count == nodes.count ? values : nil
        default: return nil
        }
    }

    /// The constant as a value of `kind`, where that is exact.
    private func member(_ constant: ColumnNode, of kind: VectorKind) -> ColumnNode? {
        switch (constant, kind) {
        case (.double(let value), .int):
            // 2^53 and beyond: more integers than one could be meant, but an equal one is exact.
            return Int64(exactly: value).map { .int($0) }
        case (.int(let value), .double):
            let double = Double(value)
            return Int64(exactly: double) == value ? .double(double) : nil
        default: return constant.kind == kind ? constant : nil
        }
    }

    // MARK: Functions

    private func call(_ function: FunctionDefinition, _ arguments: [Node]) -> ColumnNode? {
        switch function.name {
        case "contains": return textTest(.anywhere, arguments)
        case "startsWith": return textTest(.start, arguments)
        case "endsWith": return textTest(.end, arguments)
        case "size": return arguments.first.flatMap(text).map { .textSize($0) }
        case "lowerAscii": return arguments.first.flatMap(text).map { .asciiCase($0, isUpper: false) }
        case "upperAscii": return arguments.first.flatMap(text).map { .asciiCase($0, isUpper: true) }
        case "int", "double", "string": return conversion(function.name, arguments)
        default: return Self.tests.contains(function.name) ? .rowOnly(.bool) : nil
        }
    }

    /// Functions that always give a truth value.
    private static let tests: Set<String> = [
        "matches", "isIP", "isCIDR", "sets.contains", "sets.equivalent", "sets.intersects", "math.isNaN",
        "math.isInf", "math.isFinite",
    ]

    private func textTest(_ place: TextPart, _ arguments: [Node]) -> ColumnNode {
        guard arguments.count == 2, let owner = text(arguments[0]),
            case .text(let part) = text(arguments[1])
        else { return .rowOnly(.bool) }
        return .textTest(place, owner, part)
    }

    private func conversion(_ name: String, _ arguments: [Node]) -> ColumnNode? {
        guard arguments.count == 1, let operand = node(arguments[0]) else { return nil }
        switch (name, operand.kind) {
        case ("int", .int), ("double", .double), ("string", .text): return operand
        case ("int", .double): return .truncated(operand)
        case ("double", .int): return .promoted(operand)
        case ("string", .int): return .integerText(operand)
        case ("int", _): return .rowOnly(.int)
        case ("double", _): return .rowOnly(.double)
        default: return .rowOnly(.text)
        }
    }
}

extension Node {
    fileprivate var isNull: Bool { if case .literal(.null) = self { true } else { false } }
}
