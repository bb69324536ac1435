internal import TenonModel

extension TypeChecker {
    /// The longest beginning of a path that is declared, in the container or around it, or that names a type.
    mutating func type(at path: Path) throws(SyntaxError) -> StaticType {
        if environment.variables.isEmpty, isHost { return .dyn }
        // A name with a point in it is not two names.
        if isHost, path.members.contains(where: { $0.utf8.contains(UInt8(ascii: ".")) }) { return .dyn }
        let prefixes = path.isAbsolute ? [""] : Evaluator.prefixes(path.container)
        let parts = [path.root] + path.members
        for used in (1...parts.count).reversed() {
            let name = parts[..<used].joined(separator: ".")
            for prefix in prefixes {
                guard let type = environment.variables[prefix + name] else { continue }
                return try members(parts[used...], of: type, at: path.offset)
            }
        }
        if isHost { return .dyn }
        for used in (1...parts.count).reversed() {
            guard let type = ValueType.named[parts[..<used].joined(separator: ".")] else { continue }
            return try members(parts[used...], of: .type(StaticType(type)), at: path.offset)
        }
        throw SyntaxError(message: "there is no \(path.text)", offset: path.offset)
    }

    private mutating func members(
        _ names: ArraySlice<String>, of type: StaticType, at offset: Int
    ) throws(SyntaxError) -> StaticType {
        var type = type
        for name in names { type = try member(name, of: type, at: offset) }
        return type
    }

    /// `x.name`: of an optional an optional.
    mutating func member(
        _ name: String, of owner: StaticType, at offset: Int
    ) throws(SyntaxError) -> StaticType {
        let owner = unifier.substituted(owner)
        if let content = owner.optionalContent {
            return .optional(try member(name, of: content, at: offset)).bounded
        }
        switch owner {
        case .map(_, let value): return value
        case .parameter:
            unifier.settle(owner)
            return .dyn
        case .dyn: return .dyn
        // In host mode nothing is there, which is null.
        case _ where isHost: return .dyn
        default: throw SyntaxError(message: "\(shown(owner).kind) has no members", offset: offset)
        }
    }

    /// `x.?name`.
    mutating func optionalMember(
        _ name: String, of owner: StaticType, at offset: Int
    ) throws(SyntaxError) -> StaticType {
        let type = try member(name, of: owner, at: offset)
        return unifier.substituted(owner).optionalContent == nil ? .optional(type).bounded : type
    }

    mutating func has(_ operand: Node) throws(SyntaxError) -> StaticType {
        switch operand {
        case .path where isHost: break
        case .path(var path):
            guard let name = path.members.popLast() else { break }
            _ = try member(name, of: type(at: path), at: path.offset)
        default: _ = try type(of: operand)
        }
        return .bool
    }
}
