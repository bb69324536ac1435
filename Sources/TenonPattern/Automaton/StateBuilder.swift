/// All places where a match may be at one position of a text.
struct PatternState: Hashable, Sendable {
    /// What was read last, as far as an assertion can ask for it.
    enum Before: UInt8, Sendable {
        case textBegin
        case word
        case lineEnd
        case other
    }

    /// Sorted; only those that read a scalar or assert something.
    let places: [UInt32]
    let before: Before
}

/// Finds the states of a program.
///
/// An assertion stays among a state's places until the next letter is known, which is what it asks for.
struct StateBuilder: Sendable {
    enum Outcome: Sendable {
        case matched
        case failed
        case state(PatternState)
    }

    /// What an assertion asks for; nothing comes after the end of the text.
    private struct Surroundings {
        let before: PatternState.Before
        let after: PatternState.Before?
    }

    private let program: PatternProgram
    /// What each letter counts for as the last one read; the end of the text is the letter after all.
    private let kinds: [PatternState.Before]
    private var marks: [UInt32]
    private var mark: UInt32 = 0
    private var open: [Int] = []
    private var found: [UInt32] = []
    private var asks = false
    /// How many places were looked at.
    var visits = 0

    init(_ program: PatternProgram) {
        self.program = program
        kinds = program.alphabet.examples.map { example in
            guard program.hasAssertions else { return .other }
            if program.lineEnds.contains(example) { return .lineEnd }
            return ScalarSet.word.contains(example) ? .word : .other
        }
        marks = [UInt32](repeating: 0, count: program.instructions.count)
    }

    /// The state where a text begins.
    mutating func first() -> Outcome {
        begin()
        if follow(0) { return .matched }
        return outcome(before: .textBegin)
    }

    mutating func step(from state: PatternState, letter: Int) -> Outcome {
        visits += state.places.count
        let isEnd = letter == program.alphabet.count
        let after = isEnd ? nil : kinds[letter]
        var places = state.places
        if program.hasAssertions {
            begin()
            let around = Surroundings(before: state.before, after: after)
            for place in state.places where follow(Int(place), deciding: around) { return .matched }
            places = found
        }
        guard !isEnd else { return .failed }
        let example = program.alphabet.examples[letter]
        begin()
        for place in places {
            guard case .scalar(let set) = program.instructions[Int(place)],
                program.sets[set].contains(example)
            else { continue }
            if follow(Int(place) + 1) { return .matched }
        }
        // A match may begin at every position.
        if !program.isAnchored, follow(0) { return .matched }
        return outcome(before: kinds[letter])
    }

    private mutating func begin() {
        found.removeAll(keepingCapacity: true)
        asks = false
        if mark == .max {
            mark = 0
            for index in marks.indices { marks[index] = 0 }
        }
        mark += 1
    }

    private mutating func outcome(before: PatternState.Before) -> Outcome {
        guard !found.isEmpty else { return .failed }
        return .state(PatternState(places: found.sorted(), before: asks ? before : .other))
    }

    private mutating func isNew(_ place: Int) -> Bool {
        visits += 1
        guard marks[place] != mark else { return false }
        marks[place] = mark
        return true
    }

    /// Finds the places from `start` on as far as nothing is read; true once the program has matched. Assertions
    /// stay open, unless what stands around them is given.
    private mutating func follow(_ start: Int, deciding around: Surroundings? = nil) -> Bool {
        open.append(start)
        while let place = open.popLast() {
            guard isNew(place) else { continue }
            switch program.instructions[place] {
            case .scalar: found.append(UInt32(place))
            case .split(let first, let second): open += [second, first]
            case .save: open.append(place + 1)
            case .accept:
                open.removeAll(keepingCapacity: true)
                return true
            case .assertion(let assertion):
                if let around {
                    if assertion.holds(before: around.before, after: around.after) { open.append(place + 1) }
                } else {
                    asks = true
                    found.append(UInt32(place))
                }
            }
        }
        return false
    }
}

extension PatternAssertion {
    /// Whether it holds between two scalars; `after` is nil at the end of the text.
    func holds(before: PatternState.Before, after: PatternState.Before?) -> Bool {
        switch self {
        case .textBegin: before == .textBegin
        case .textEnd: after == nil
        case .lineBegin: before == .textBegin || before == .lineEnd
        case .lineEnd: after == nil || after == .lineEnd
        case .wordBoundary: (before == .word) != (after == .word)
        case .notWordBoundary: (before == .word) == (after == .word)
        }
    }
}
