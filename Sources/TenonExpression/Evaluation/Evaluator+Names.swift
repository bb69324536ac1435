internal import TenonModel

extension Evaluator {
    /// A path by CEL's rules: the longest beginning that names a variable in the container or around it, or
    /// a type.
    mutating func strictValue(at path: Path) throws(TenonError) -> Value {
        if path.members.isEmpty, path.container.isEmpty {
            if let value = scope.typedValue(named: path.root) { return value }
            if let type = ValueType.named[path.root] { return .type(type) }
            throw failure("there is no \(path.root)", at: path.offset)
        }
        let prefixes = Self.prefixes(path.container)
        for used in (0...path.members.count).reversed() {
            let name = ([path.root] + path.members[..<used]).joined(separator: ".")
            for prefix in prefixes {
                guard let value = scope.typedValue(named: prefix + name) else { continue }
                return try strictMembers(path.members[used...], of: value, at: path.offset)
            }
        }
        for used in (0...path.members.count).reversed() {
            let name = ([path.root] + path.members[..<used]).joined(separator: ".")
            if let type = ValueType.named[name] {
                return try strictMembers(path.members[used...], of: .type(type), at: path.offset)
            }
        }
        throw failure("there is no \(path.text)", at: path.offset)
    }

    private func strictMembers(
        _ members: ArraySlice<String>, of value: Value, at offset: Int
    ) throws(TenonError) -> Value {
        var value = value
        for name in members {
            var owner = value
            if case .optional(let inner) = owner {
                guard let inner else { return value }
                owner = inner
            }
            guard owner.keys != nil else {
                throw failure("\(owner.kind) has no members", at: offset)
            }
            if case .optional = value {
                value = .optional(owner.member(name))
                continue
            }
            guard let member = owner.member(name) else { throw failure("there is no \(name)", at: offset) }
            value = member
        }
        return value
    }

    /// `a.b.`, `a.`, and nothing, for `a.b`.
    static func prefixes(_ container: String) -> [String] {
        var parts = container.split(separator: ".")
        var prefixes: [String] = []
        while !parts.isEmpty {
            prefixes.append(parts.joined(separator: ".") + ".")
            parts.removeLast()
        }
        return prefixes + [""]
    }
}
