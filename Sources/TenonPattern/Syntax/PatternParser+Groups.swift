extension PatternParser {
    /// Reads on after a `(`.
    mutating func group(from start: Int, depth: Int) throws(PatternError) -> PatternAtom {
        guard take("?") else {
            return try numberedGroup(references.addGroup(), from: start, depth: depth)
        }
        if take(":") { return try groupBody(from: start, depth: depth) }
        if take("=") || take("!") { return try look("ahead", from: start, depth: depth) }
        if take("<=") || take("<!") { return try look("behind", from: start, depth: depth) }
        if take("<") || (syntax == .re2 && take("P<")) {
            let number = references.addGroup(named: try groupName(), at: start)
            return try numberedGroup(number, from: start, depth: depth)
        }
        return try flagGroup(from: start, depth: depth)
    }

    private mutating func numberedGroup(
        _ number: Int, from start: Int, depth: Int
    ) throws(PatternError) -> PatternAtom {
        var atom = try groupBody(from: start, depth: depth)
        atom.node = .group(atom.node, number: number)
        return atom
    }

    private mutating func groupBody(from start: Int, depth: Int) throws(PatternError) -> PatternAtom {
        let outer = flags
        let node = try alternatives(depth: depth + 1)
        flags = outer
        guard take(")") else { throw invalid("has a ( without )", at: start) }
        return PatternAtom(node)
    }

    private mutating func look(
        _ direction: String, from start: Int, depth: Int
    ) throws(PatternError) -> PatternAtom {
        guard syntax == .ecma else {
            throw invalid("uses look-\(direction), which RE2 does not have", at: start)
        }
        noteUnsupported(
            "uses look-\(direction), which is not supported: it has no bound in time", at: start)
        _ = try groupBody(from: start, depth: depth)
        return .none
    }

    /// Reads the rest of `<name>`.
    mutating func groupName() throws(PatternError) -> String {
        let start = position
        var name = String.UnicodeScalarView()
        while let scalar = current, scalar != ">" {
            position += 1
            guard isNameScalar(scalar, isFirst: name.isEmpty) else {
                throw invalid("has a group with a name that is not a word", at: start)
            }
            name.append(scalar)
        }
        guard !name.isEmpty, take(">") else {
            throw invalid("has a group with a name that is not a word", at: start)
        }
        return String(name)
    }

    private func isNameScalar(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        if syntax == .re2 {
            return ScalarSet.word.contains(scalar.value)
                || (!scalar.isASCII && scalar.properties.isIDContinue)
        }
        if scalar == "$" || scalar == "_" { return true }
        return isFirst ? scalar.properties.isIDStart : scalar.properties.isIDContinue
    }

    /// Reads on after `(?`: `i-s:...)`, and in RE2 also `i-s)`, which is for the rest of the group.
    private mutating func flagGroup(from start: Int, depth: Int) throws(PatternError) -> PatternAtom {
        let outer = flags
        var isOn = true
        var count = 0
        while let scalar = current {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotIsAll = isOn
            case "U" where syntax == .re2: flags.isUngreedy = isOn
            case "-" where isOn:
                isOn = false
                count = syntax == .re2 ? 0 : count
                continue
            case ":" where count > 0:
                let atom = try groupBody(from: start, depth: depth)
                flags = outer
                return atom
            case ")" where syntax == .re2 && count > 0: return .none
            default: throw invalid("has a kind of group that does not exist", at: start)
            }
            count += 1
        }
        throw invalid("has a ( without )", at: start)
    }
}
