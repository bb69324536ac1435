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
    private let syntax: PatternSyntax
    /// The groups up to this number are noted where they begin and end.
    private let keptGroups: Int

    init(_ syntax: PatternSyntax, keepingGroups keptGroups: Int = 0) {
        self.syntax = syntax
        self.keptGroups = keptGroups
    }

    mutating func program(of node: PatternNode) throws(PatternError) -> PatternProgram {
        try append(node)
        try add(.accept)
        let words: [ScalarSet] = hasAssertions ? [.word, syntax.lineEnds] : []
        let reach = PatternReach(instructions: instructions)
        return PatternProgram(
            instructions: instructions, sets: sets, alphabet: try PatternAlphabet(separating: sets + words),
            isAnchored: reach.isAnchored, hasAssertions: hasAssertions,
            prefix: hasAssertions ? [] : reach.prefix(sets), lineEnds: syntax.lineEnds)
    }

    /// A program that tells where its matches and their groups are.
    mutating func finderProgram(of node: PatternNode) throws(PatternError) -> FinderProgram {
        try append(node)
        try add(.accept)
        let reach = PatternReach(instructions: instructions)
        return FinderProgram(
            instructions: instructions, sets: sets, prefix: hasAssertions ? [] : reach.prefix(sets),
            isAnchored: reach.isAnchored, syntax: syntax)
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
        case .repeated(let node, let repetition): try append(node, repetition)
        case .group(let node, let number):
            guard number <= keptGroups else { return try append(node) }
            try add(.save(slot: number * 2))
            try append(node)
            try add(.save(slot: number * 2 + 1))
        }
    }

    private mutating func number(of set: ScalarSet) -> Int {
        if let number = setNumbers[set] { return number }
        sets.append(set)
        setNumbers[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func append(
        _ node: PatternNode, _ repetition: PatternRepetition
    ) throws(PatternError) {
        guard let most = repetition.most else { return try appendUnbounded(node, repetition) }
        for _ in 0..<repetition.least { try append(node) }
        var skips: [Int] = []
        for _ in repetition.least..<most {
            skips.append(try add(.split(0, 0)))
            try append(node)
        }
        for skip in skips { instructions[skip] = choice(skip + 1, instructions.count, repetition) }
    }

    private mutating func appendUnbounded(
        _ node: PatternNode, _ repetition: PatternRepetition
    ) throws(PatternError) {
        guard repetition.least == 0 else {
            for _ in 1..<repetition.least { try append(node) }
            return try appendLoop(node, repetition)
        }
        let skip = try add(.split(0, 0))
        if node.isNullable {
            // A first time that reads nothing comes before none at all.
            try appendLoop(node, repetition)
        } else {
            try append(node)
            try add(.split(skip, skip))
        }
        instructions[skip] = choice(skip + 1, instructions.count, repetition)
    }

    /// Once, and again as often as there is more.
    private mutating func appendLoop(
        _ node: PatternNode, _ repetition: PatternRepetition
    ) throws(PatternError) {
        let begin = instructions.count
        try append(node)
        let end = try add(.split(0, 0))
        instructions[end] = choice(begin, end + 1, repetition)
    }

    private func choice(
        _ again: Int, _ onward: Int, _ repetition: PatternRepetition
    ) -> PatternProgram.Instruction {
        repetition.isLazy ? .split(onward, again) : .split(again, onward)
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
