/// The matches of a pattern in one text from the left, found as they are asked for.
///
/// A match of nothing right behind another match does not count.
package struct PatternMatches {
    private let pattern: Pattern
    private let text: String
    private var machine: FinderMachine
    private var position = 0
    private var lastEnd = -1
    private var hasBegun = false
    private var searchWork = 0

    init(_ machine: FinderMachine, _ pattern: Pattern, _ text: String) {
        self.machine = machine
        self.pattern = pattern
        self.text = text
    }

    /// What finding has cost so far: visits to places of the pattern, of some twenty nanoseconds each.
    package var work: Int { machine.visits + searchWork }

    /// The next match, or nil after the last. Throws an error of the kind `tooCostly` where finding it takes more
    /// work than texts of this length deserve.
    package mutating func next() throws(PatternError) -> PatternMatch? {
        if !hasBegun {
            hasBegun = true
            // Most texts without a match are told by the automaton, which is faster.
            // Positions are kept in 32 bits; no text of an expression is that long.
            guard text.utf8.count < Int32.max, try pattern.matches(text, work: &searchWork) else {
                position = .max
                return nil
            }
        }
        while position <= text.utf8.count {
            guard let noted = try machine.find(from: position) else {
                position = .max
                return nil
            }
            let match = PatternMatch(noted)
            let isRepeated = match.isEmpty && match.begin == lastEnd
            position = match.end == position ? machine.text.position(after: position) : match.end
            lastEnd = match.end
            if !isRepeated { return match }
        }
        return nil
    }
}

/// Where a pattern matches, in bytes of the text.
package struct PatternMatch: Sendable, Equatable {
    private let noted: [Int32]

    init(_ noted: [Int32]) { self.noted = noted }

    var begin: Int { Int(noted[0]) }
    var end: Int { Int(noted[1]) }
    var isEmpty: Bool { begin == end }

    /// The bytes of the whole match.
    package var range: Range<Int> { begin..<end }

    /// The bytes of the group with this number, from 1; nil where it took no part in the match or is not kept.
    package func group(_ number: Int) -> Range<Int>? {
        guard number > 0, number * 2 + 1 < noted.count, noted[number * 2] >= 0,
            noted[number * 2] <= noted[number * 2 + 1]
        else { return nil }
        return Int(noted[number * 2])..<Int(noted[number * 2 + 1])
    }
}
