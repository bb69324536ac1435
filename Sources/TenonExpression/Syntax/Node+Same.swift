internal import TenonPattern

extension Node {
    /// Whether both are the same expression, wherever their parts stand in their texts.
    func isSame(as other: Node) -> Bool {
        guard hasSameHead(as: other) else { return false }
        let (left, right) = (children, other.children)
        return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
    }

    /// Whether both are of one kind, with the same names and values of their own.
    private func hasSameHead(as other: Node) -> Bool {
        switch (self, other) {
        case (.literal(let left), .literal(let right)): left.isSameConstant(as: right)
        case (.path(let left), .path(let right)): left.isSame(as: right)
        case (.local(let left), .local(let right)): left == right
        case (.member(_, let left, let leftAccess), .member(_, let right, let rightAccess)):
            left == right && leftAccess.isOptional == rightAccess.isOptional
        case (.index(_, _, let left), .index(_, _, let right)): left.isOptional == right.isOptional
        case (.optionalMember(_, let left, _), .optionalMember(_, let right, _)): left == right
        case (.binary(let left, _, _, _), .binary(let right, _, _, _)): left == right
        case (.call(let left, _, _), .call(let right, _, _)): left === right
        case (.matches(_, let left, _), .matches(_, let right, _)): left.text == right.text
        case (.macro(let left), .macro(let right)): left.isSame(as: right)
        case (.unknownCall(let left), .unknownCall(let right)):
            left.name == right.name && (left.receiver == nil) == (right.receiver == nil)
        case (.map(let left), .map(let right)): left.map(\.isOptional) == right.map(\.isOptional)
        default: isSameKind(as: other)
        }
    }

    /// For kinds that have nothing but nodes in them.
    private func isSameKind(as other: Node) -> Bool {
        switch (self, other) {
        case (.optionalIndex, .optionalIndex), (.optionalElement, .optionalElement), (.has, .has),
            (.not, .not), (.negate, .negate), (.all, .all), (.any, .any), (.coalesce, .coalesce),
            (.choice, .choice), (.list, .list):
            true
        default: false
        }
    }
}

extension Path {
    fileprivate func isSame(as other: Path) -> Bool {
        root == other.root && members == other.members && isOptional == other.isOptional
            && isAbsolute == other.isAbsolute && container == other.container
    }
}

extension Macro {
    fileprivate func isSame(as other: Macro) -> Bool {
        kind == other.kind && variables == other.variables && slot == other.slot
            && (filter == nil) == (other.filter == nil)
    }
}

extension Value {
    /// Of the same type, too, and with every bit.
    fileprivate func isSameConstant(as other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.uint(let left), .uint(let right)): left == right
        case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.type(let left), .type(let right)): left == right
        default: false
        }
    }
}
