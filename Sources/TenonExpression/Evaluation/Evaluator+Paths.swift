internal import TenonJSON
internal import TenonModel

extension Evaluator {
    mutating func value(at path: Path) throws(TenonError) -> Value {
        guard isHost else { return try strictValue(at: path) }
        guard let (found, used) = scope.value(named: path.root, members: path.members) else {
            return try missing(path.isOptional, path.text, at: path.offset)
        }
        // A whole group such as `context` is put together for the occasion.
        if path.members.isEmpty, let object = found.object { try spend(object.count / 8) }
        var value = found
        for name in path.members[used...] {
            guard case .object(let object) = value, let member = object[name] else {
                return try missing(path.isOptional, path.text, at: path.offset)
            }
            value = member
        }
        return Value(value)
    }

    private mutating func missing(
        _ isOptional: Bool, _ path: @autoclosure () -> String, at offset: Int
    ) throws(TenonError) -> Value {
        if isOptional { return .null }
        guard isHost else { throw failure("there is no \(path())", at: offset) }
        missingPath = path()
        return .missing
    }

    mutating func member(_ name: String, of operand: Node, _ access: Access) throws(TenonError) -> Value {
        let owner = try value(of: operand)
        // Such a map has no index of its keys.
        if case .map(let entries) = owner { try spend(entries.count / 32) }
        if let member = owner.member(name) { return member }
        if case .optional = owner { return try optionalMember(of: owner, .string(name), at: access.offset) }
        if owner.isMissing, !access.isOptional { return .missing }
        return try missing(access.isOptional, name, at: access.offset)
    }

    mutating func element(
        of operand: Node, at index: Node, _ access: Access
    ) throws(TenonError) -> Value {
        let owner = try value(of: operand)
        let index = try value(of: index)
        if owner.isMissing, !access.isOptional { return .missing }
        if isUnknown(index) { return .missing }
        if case .optional = owner { return try optionalMember(of: owner, index, at: access.offset) }
        if let element = try element(of: owner, at: index, offset: access.offset) { return element }
        if owner.memberCount == nil, !(isHost && owner.isNullOrMissing) {
            throw failure("\(owner.kind) has no elements", at: access.offset)
        }
        return try missing(access.isOptional, "element \(index.described)", at: access.offset)
    }

    /// The element of a list or the value of a map's entry; nil where there is none.
    private mutating func element(
        of owner: Value, at index: Value, offset: Int
    ) throws(TenonError) -> Value? {
        switch owner {
        case .list(let values):
            guard let number = index.wholeNumber, values.indices.contains(number) else { return nil }
            return values[number]
        case .jsonList(let elements):
            guard let number = index.wholeNumber, elements.indices.contains(number) else { return nil }
            return Value(elements[number])
        case .map(let entries):
            try spend(entries.count / 32)
            return owner.entry(index)
        case .jsonObject: return owner.entry(index)
        default: return nil
        }
    }

    // MARK: Optionals

    /// `a.?b` and `a[?b]`, and what follows them: an optional of the member.
    mutating func optionalMember(
        of owner: Value, _ index: Value, at offset: Int
    ) throws(TenonError) -> Value {
        var owner = owner
        if case .optional(let inner) = owner {
            guard let inner else { return .optional(nil) }
            owner = inner
        }
        if isUnknown(index) { return .missing }
        if isHost, owner.isNullOrMissing { return .optional(nil) }
        guard owner.memberCount != nil else {
            throw failure("\(owner.kind) has no elements", at: offset)
        }
        if !owner.isMap, index.integer == nil, index.wholeNumber == nil {
            throw failure("a list has no element \(index.described)", at: offset)
        }
        return .optional(try element(of: owner, at: index, offset: offset))
    }

    // MARK: has()

    mutating func has(_ operand: Node, at offset: Int) throws(TenonError) -> Value {
        switch operand {
        case .path(let path) where isHost: return .bool(isThere(path))
        case .path(var path):
            guard let name = path.members.popLast() else { break }
            return try has(name, in: strictValue(at: path), at: offset)
        case .member(let owner, let name, _), .optionalMember(let owner, let name, _):
            let saved = missingPath
            let owner = try value(of: owner)
            missingPath = saved
            return try has(name, in: owner, at: offset)
        default: break
        }
        return .bool(true)
    }

    private func isThere(_ path: Path) -> Bool {
        guard let (found, used) = scope.value(named: path.root, members: path.members) else { return false }
        var value: JSON? = found
        for name in path.members[used...] { value = value?[name] }
        return value != nil
    }

    private mutating func has(_ name: String, in owner: Value, at offset: Int) throws(TenonError) -> Value {
        switch owner {
        case .optional(let inner):
            guard let inner else { return .bool(false) }
            return try has(name, in: inner, at: offset)
        case .map(let entries):
            try spend(entries.count / 32)
            return .bool(owner.member(name) != nil)
        case .jsonObject: return .bool(owner.member(name) != nil)
        default:
            guard isHost else { throw failure("\(owner.kind) has no members", at: offset) }
            return .bool(false)
        }
    }
}
