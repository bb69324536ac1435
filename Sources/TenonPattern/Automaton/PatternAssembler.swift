/// Turns a pattern into a program.
struct PatternAssembler {
    static let maxInstructions = 5000
    /// Bounds what repetitions of nothing cost, as in `(((){1000}){1000}){1000}`.
    private static let maxSteps = 50_000

    private var instructions: [PatternProgram.Instruction] = []
    private var sets: [ScalarSet] = []
    private var setNumbers: [ScalarSet: Int] = [:]
    private var stepCount = 0
    private var hasAssertions = false

    mutating func program(of node: PatternNode) throws(PatternError) -> PatternProgram {
        try append(node)
        try add(.accept)
        let words: [ScalarSet] = hasAssertions ? [.word, .lineFeed] : []
        let reach = PatternReach(instructions: instructions)
        return PatternProgram(
            instructions: instructions, sets: sets, alphabet: try PatternAlphabet(separating: sets + words),
            isAnchored: reach.isAnchored, hasAssertions: hasAssertions,
            prefix: hasAssertions ? [] : reach.prefix(sets))
    }

    private func tooLarge() -> PatternError {
        PatternError(kind: .tooLarge, message: "is too large with its repetitions written out", offset: nil)
    }

    /// Adds one instruction and answers its place.
    @discardableResult
    private mutating func add(_ instruction: PatternProgram.Instruction) throws(PatternError) -> Int {
        guard instructions.count < Self.maxInstructions else { throw tooLarge() }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func append(_ node: PatternNode) throws(PatternError) {
        stepCount += 1
        guard stepCount <= Self.maxSteps else { throw tooLarge() }
        switch node {
        case .scalar(let set): try add(.scalar(set: number(of: set)))
        case .assertion(let assertion):
            hasAssertions = true
            try add(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .alternatives(let branches): try appendAlternatives(branches)
        case .repeated(let node, let least, let most):
            try appendRepeated(node, least: least, most: most)
        }
    }

    private mutating func number(of set: ScalarSet) -> Int {
        if let number = setNumbers[set] { return number }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func appendRepeated(
        _ node: PatternNode, least: Int, most: Int?
    ) throws(PatternError) {
        for _ in 0..<least { try append(node) }
        guard let most else {
            let loop = try add(.split(0, 0))
            try append(node)
            try add(.split(loop, loop))
            instructions[loop] = .split(loop + 1, instructions.count)
            return
        }
        var skips: [Int] = []
        for _ in least..<most {
            skips.append(try add(.split(0, 0)))
            try append(node)
        }
        for skip in skips { instructions[skip] = .split(skip + 1, instructions.count) }
    }

    private mutating func appendAlternatives(_ branches: [PatternNode]) throws(PatternError) {
        var exits: [Int] = []
        for branch in branches.dropLast() {
            let choice = try add(.split(0, 0))
            try append(branch)
            exits.append(try add(.split(0, 0)))
            instructions[choice] = .split(choice + 1, instructions.count)
        }
        if let last = branches.last { try append(last) }
        for exit in exits { instructions[exit] = .split(instructions.count, instructions.count) }
    }
}
