/// The program as a table of states, which is filled as texts ask for it.
///
/// A state is the set of all places where a match may be, so each byte of a text is looked at once. The table
/// has a limit; where it is full it begins again with the state that is needed. A state that is not there costs
/// one walk over the program, and the visits of all walks for one text have a limit.
struct LazyAutomaton: Sendable {
    /// What a step over one letter leads to; anything below is the place of a row in the table.
    enum Step {
        static let matched = UInt32.max
        static let failed = UInt32.max - 1
        static let unknown = UInt32.max - 2
    }

    private static let maxTableCount = 1 << 16
    private static let minStateCount = 16
    private static let maxPlaceCount = 1 << 17

    private let program: PatternProgram
    /// The letters and one more for the end of the text.
    private let rowLength: Int
    private let maxStateCount: Int
    private var builder: StateBuilder
    private var table: [UInt32] = []
    private var states: [PatternState] = []
    private var rows: [PatternState: UInt32] = [:]
    private var placeCount = 0
    /// Where a text begins; unknown before the first.
    private var first = Step.unknown

    init(_ program: PatternProgram) {
        self.program = program
        rowLength = program.alphabet.count + 1
        maxStateCount = max(Self.minStateCount, Self.maxTableCount / rowLength)
        builder = StateBuilder(program)
    }

    mutating func search(_ text: UnsafeBufferPointer<UInt8>) -> PatternSearch {
        builder.visits = 0
        let isFound = matches(text, maxVisits: PatternSearch.maxVisits(byteCount: text.count))
        return PatternSearch(isFound: isFound, visits: builder.visits)
    }

    /// Nil where it takes more than `maxVisits`.
    private mutating func matches(_ text: UnsafeBufferPointer<UInt8>, maxVisits: Int) -> Bool? {
        if first == Step.unknown { first = row(of: builder.first()) }
        var walk = Walk(row: first)
        while true {
            if walk.row == Step.matched { return true }
            if walk.row == Step.failed { return false }
            let next = run(&walk, over: text)
            guard next == Step.unknown else { return next == Step.matched }
            guard builder.visits <= maxVisits else { return nil }
            walk.row = fill(walk.row, letter: walk.letter)
        }
    }

    /// Where a match over a text has come to.
    private struct Walk {
        /// The state, as the place of its row.
        var row: UInt32
        var position = 0
        /// The letter that was read last, before `position`.
        var letter = 0
    }

    /// Goes on until a step is decided or not known yet; that step's letter has been read.
    private func run(_ walk: inout Walk, over text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let end = rowLength - 1
        let start = program.prefix.isEmpty ? Step.unknown : first
        var (row, position) = (walk.row, walk.position)
        return table.withUnsafeBufferPointer { table in
            program.alphabet.lowLetters.withUnsafeBufferPointer { lowLetters in
                while true {
                    if row == start, position < text.count {
                        guard let found = PatternPrefix.find(program.prefix, in: text, from: position) else {
                            return Step.failed
                        }
                        position = found
                    }
                    var letter = end
                    if position < text.count {
                        let byte = text[position]
                        if byte < 0x80 {
                            letter = Int(lowLetters[Int(byte)])
                            position += 1
                        } else {
                            let (scalar, length) = UTF8Scalar.decode(text, at: position)
                            letter = program.alphabet.letter(of: scalar)
                            position += length
                        }
                    }
                    let next = table[Int(row) + letter]
                    if next < Step.unknown {
                        row = next
                        continue
                    }
                    walk = Walk(row: row, position: position, letter: letter)
                    return next
                }
            }
        }
    }

    // MARK: The table

    /// Finds out where `letter` leads from the state at `row`, and writes it down.
    private mutating func fill(_ row: UInt32, letter: Int) -> UInt32 {
        let outcome = builder.step(from: states[Int(row) / rowLength], letter: letter)
        let isFull = states.count >= maxStateCount || placeCount >= Self.maxPlaceCount
        if case .state(let state) = outcome, isFull, rows[state] == nil {
            forget()
            return self.row(of: outcome)
        }
        let next = self.row(of: outcome)
        table[Int(row) + letter] = next
        return next
    }

    private mutating func forget() {
        table.removeAll(keepingCapacity: true)
        states.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        placeCount = 0
        // Its row is gone as well.
        first = row(of: builder.first())
    }

    private mutating func row(of outcome: StateBuilder.Outcome) -> UInt32 {
        switch outcome {
        case .matched: return Step.matched
        case .failed: return Step.failed
        case .state(let state):
            if let row = rows[state] { return row }
            let row = UInt32(table.count)
            table.append(contentsOf: repeatElement(Step.unknown, count: rowLength))
            states.append(state)
            rows[state] = row
            placeCount += state.places.count
            return row
        }
    }
}
