/// Takes every way through a program at once, one look at each character, and keeps of all that reach a place
/// at one position the preferred only: its memory is bounded by the program.
struct FinderMachine {
    private let program: FinderProgram
    let text: FinderText
    private var ways: FinderWays
    private var current: FinderThreads
    private var next: FinderThreads
    private let maxVisits: Int

    /// Notes the whole match and the groups up to `groupCount`.
    init(_ program: FinderProgram, _ text: [UInt8], groupCount: Int) {
        self.program = program
        self.text = FinderText(text, program)
        let slotCount = 2 + groupCount * 2
        ways = FinderWays(program, slotCount: slotCount)
        current = FinderThreads(placeCount: program.instructions.count, slotCount: slotCount)
        next = current
        maxVisits = PatternSearch.maxVisits(byteCount: text.count)
    }

    /// How many places of the program were looked at.
    var visits: Int { ways.visits }

    /// The noted positions of the first match that begins at `start` or after it: begin and end of the match,
    /// then of each group, -1 where it took no part. Nil where there is none.
    mutating func find(from start: Int) throws(PatternError) -> [Int32]? {
        var best: [Int32]?
        var border = text.border(at: start)
        current.removeAll()
        while true {
            if current.places.isEmpty {
                if best != nil || (program.isAnchored && border.position > 0) { return best }
                guard let begin = program.nextBegin(in: text.bytes, from: border.position) else { return nil }
                if begin != border.position { border = text.border(at: begin) }
            }
            if best == nil, !program.isAnchored || border.position == 0 {
                ways.begin(at: border.position)
                ways.follow(0, at: border, into: &current)
            }
            let after = text.border(after: border)
            next.removeAll()
            if let match = step(border, after) { best = match }
            guard visits <= maxVisits else {
                throw PatternError(
                    kind: .tooCostly, message: "takes too much work to look for in this text", offset: nil)
            }
            if border.scalar == nil { return best }
            swap(&current, &next)
            border = after
        }
    }

    /// Moves every thread over one scalar. The first that has matched ends those behind it; its positions.
    private mutating func step(_ border: FinderText.Border, _ after: FinderText.Border) -> [Int32]? {
        for thread in current.places.indices {
            ways.visits += 1
            let place = Int(current.places[thread])
            switch program.instructions[place] {
            case .scalar(let set):
                guard let scalar = border.scalar, program.sets[set].contains(scalar) else { continue }
                current.take(thread, into: &ways.noted)
                ways.follow(place + 1, at: after, into: &next)
            case .accept:
                current.take(thread, into: &ways.noted)
                ways.noted[1] = Int32(truncatingIfNeeded: border.position)
                return ways.noted
            case .split, .assertion, .save: continue
            }
        }
        return nil
    }
}
