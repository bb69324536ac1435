extension Printer {
    mutating func write(_ path: Path) {
        text += (path.isAbsolute ? "." : "") + path.root
        for (index, name) in path.members.enumerated() {
            write(member: name, isOptional: path.isOptional && index == 0)
        }
    }

    mutating func write(_ owner: Node, _ name: String, _ access: Access) {
        // Of a path, strict mode would take it for a part of the variable's name.
        let isPath = if case .path = owner { true } else { false }
        if mode == .strict, isPath {
            text += "("
            write(owner)
            text += ")"
        } else {
            writeOwner(owner, access.isOptional)
        }
        write(member: name, isOptional: access.isOptional && !owner.isOptionalChain)
    }

    mutating func write(member name: String, isOptional: Bool) {
        if name.isIdentifier {
            text += (isOptional ? "?." : ".") + name
        } else if mode == .strict {
            text += ".`\(name)`"
        } else if isOptional {
            text += "?.`\(name)`"
        } else {
            text += "[" + LiteralText.print(.string(name)) + "]"
        }
    }

    /// What stands before a point or a bracket.
    mutating func writeOwner(_ owner: Node, _ isOptional: Bool) {
        // Behind `?.` all links are optional.
        let isSeparate = !isOptional && owner.isOptionalChain
        if isSeparate { text += "(" }
        write(owner, .member)
        if isSeparate { text += ")" }
    }

    static func memberName(_ name: String) -> String { name.isIdentifier ? name : "`\(name)`" }
}

extension Node {
    /// Whether it ends a chain in which a `?.` makes all later links optional.
    fileprivate var isOptionalChain: Bool {
        switch self {
        case .path(let path): path.isOptional
        case .member(_, _, let access), .index(_, _, let access): access.isOptional
        default: false
        }
    }
}

extension String {
    fileprivate var isIdentifier: Bool {
        guard let first = utf8.first, first.isNameStart, !Parser.literalWords.contains(self) else {
            return false
        }
        return utf8.allSatisfy { $0.isNameStart || $0.isDigit }
    }
}
