extension PatternParser {
    /// Reads on after a `[`.
    mutating func characterClass(from start: Int) throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        func add(_ set: ScalarSet, _ parser: inout PatternParser) throws(PatternError) {
            guard parser.makesSets else { return }
            try parser.pay(set.ranges.count)
            ranges += set.ranges
        }
        var isFirst = true
        // In RE2 a ] that stands first is the character.
        while isFirst && syntax == .re2 || current != "]" {
            isFirst = false
            guard current != nil else { throw invalid("has a [ without ]", at: start) }
            if let set = try posixClass() {
                try add(set, &self)
                continue
            }
            let memberStart = position
            let first = try classMember(from: start)
            guard current == "-", let next = scalar(after: 1), next != "]" else {
                try add(first.set, &self)
                continue
            }
            if syntax == .re2, first.scalar == nil {
                try add(first.set, &self)
                continue
            }
            position += 1
            let last = try classMember(from: start)
            guard let low = first.scalar, let high = last.scalar, low <= high else {
                throw invalid("has a range that is not from a lower to a higher character", at: memberStart)
            }
            try add(folded(ScalarSet([low...high])), &self)
        }
        position += 1
        let set = ScalarSet(ranges)
        return isNegated ? set.inverted : set
    }

    /// A member of a class: one character, which may begin a range, or a set.
    private mutating func classMember(
        from start: Int
    ) throws(PatternError) -> (scalar: UInt32?, set: ScalarSet) {
        guard let scalar = current else { throw invalid("has a [ without ]", at: start) }
        let begin = position
        position += 1
        guard scalar == "\\" else { return (scalar.value, try folded(ScalarSet(scalar))) }
        switch try escape(from: begin, inClass: true) {
        case .scalar(let value): return (value, try folded(ScalarSet([value...value])))
        case .set(let set): return (nil, set)
        default: throw invalid("has an escape in [ ] that does not stand for characters", at: begin)
        }
    }

    /// RE2's `[:alpha:]` and `[:^alpha:]`.
    private mutating func posixClass() throws(PatternError) -> ScalarSet? {
        guard syntax == .re2, current == "[", scalar(after: 1) == ":" else { return nil }
        let start = position
        var end = position + 2
        while end < scalars.count, scalars[end] != ":", scalars[end] != "]" { end += 1 }
        guard end + 1 < scalars.count, scalars[end] == ":", scalars[end + 1] == "]" else { return nil }
        var name = scalars[start + 2..<end]
        let isNegated = name.first == "^"
        if isNegated { name.removeFirst() }
        guard let set = ScalarSet.posix(String(String.UnicodeScalarView(name))) else {
            throw invalid("has a class [:...:] that does not exist", at: start)
        }
        position = end + 2
        let all = try folded(set)
        return isNegated ? all.inverted : all
    }
}
