/// Follows a program as far as nothing is read, the preferred way first, and notes positions on the way.
struct FinderWays {
    private let program: FinderProgram
    /// What is left to follow: a place, or a noted position to be put back.
    private var open: [Step] = []
    /// The positions of the way that is followed.
    var noted: [Int32]
    /// How many places were looked at.
    var visits = 0

    private enum Step {
        case follow(Int)
        case restore(slot: Int, position: Int32)
    }

    init(_ program: FinderProgram, slotCount: Int) {
        self.program = program
        noted = [Int32](repeating: -1, count: slotCount)
    }

    /// Forgets all positions; a match begins at `position`.
    mutating func begin(at position: Int) {
        for slot in noted.indices { noted[slot] = -1 }
        noted[0] = Int32(truncatingIfNeeded: position)
    }

    /// Adds the places from `start` on that read something, or match, to `threads`.
    mutating func follow(_ start: Int, at border: FinderText.Border, into threads: inout FinderThreads) {
        open.append(.follow(start))
        while let step = open.popLast() {
            guard case .follow(let place) = step else {
                if case .restore(let slot, let position) = step { noted[slot] = position }
                continue
            }
            visits += 1
            guard threads.reach(place) else { continue }
            switch program.instructions[place] {
            case .scalar, .accept: threads.append(place, noted)
            case .split(let first, let second):
                open.append(.follow(second))
                open.append(.follow(first))
            case .assertion(let assertion):
                if assertion.holds(before: border.before, after: border.after) {
                    open.append(.follow(place + 1))
                }
            case .save(let slot):
                if noted.indices.contains(slot) {
                    open.append(.restore(slot: slot, position: noted[slot]))
                    noted[slot] = Int32(truncatingIfNeeded: border.position)
                }
                open.append(.follow(place + 1))
            }
        }
    }
}
