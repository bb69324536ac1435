extension PatternParser {
    /// Reads on after a `[`.
    mutating func characterClass(from start: Int) throws(PatternError) -> ScalarSet {
        let isNegated = take("^")
        var sets: [ClosedRange<UInt32>] = []
        var isFirst = true
        // In RE2 a ] that stands first is the character.
        while isFirst && syntax == .re2 || current != "]" {
            isFirst = false
            guard current != nil else { throw invalid("has a [ without ]", at: start) }
            if let set = try posixClass() {
                sets += set.ranges
                continue
            }
            let memberStart = position
            let first = try classMember(from: start)
            guard current == "-", let next = scalar(after: 1), next != "]" else {
                sets += first.set.ranges
                continue
            }
            if syntax == .re2, first.scalar == nil {
                sets += first.set.ranges
                continue
            }
            position += 1
            let last = try classMember(from: start)
            guard let low = first.scalar, let high = last.scalar, low <= high else {
                throw invalid("has a range that is not from a lower to a higher character", at: memberStart)
            }
            sets += folded(ScalarSet([low...high])).ranges
        }
        position += 1
        let set = ScalarSet(sets)
        return isNegated ? set.inverted : set
    }

    /// A member of a class: one character, which may begin a range, or a set.
    private mutating func classMember(
        from start: Int
    ) throws(PatternError) -> (scalar: UInt32?, set: ScalarSet) {
        guard let scalar = current else { throw invalid("has a [ without ]", at: start) }
        let begin = position
        position += 1
        guard scalar == "\\" else { return (scalar.value, folded(ScalarSet(scalar))) }
        switch try escape(from: begin, inClass: true) {
        case .scalar(let value): return (value, folded(ScalarSet([value...value])))
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
        return isNegated ? folded(set).inverted : folded(set)
    }
}
