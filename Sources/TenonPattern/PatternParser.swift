/// What a pattern is made of.
indirect enum PatternNode {
    case scalar(ScalarSet)
    case begin
    case end
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repeated(PatternNode, least: Int, most: Int?)
}

/// Reads the text of a pattern.
struct PatternParser {
    private static let maxDepth = 50
    private static let maxCount = 1000
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives(depth: 0)
        guard current == nil else { throw PatternError(message: "has a ) without (") }
        return node
    }

    private mutating func alternatives(depth: Int) throws(PatternError) -> PatternNode {
        guard depth < Self.maxDepth else { throw PatternError(message: "is nested too deep") }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence(depth: Int) throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            nodes.append(try quantified(try atom(depth: depth)))
        }
        return .sequence(nodes)
    }

    private mutating func atom(depth: Int) throws(PatternError) -> PatternNode {
        guard let scalar = current else { throw PatternError(message: "ends too early") }
        position += 1
        switch scalar {
        case "^": return .begin
        case "$": return .end
        case ".": return .scalar(.anyButLineBreak)
        case "[": return .scalar(try characterClass())
        case "\\": return .scalar(try escape())
        case "(":
            if take("?"), !take(":") {
                throw PatternError(message: "uses a kind of group that is not supported")
            }
            let node = try alternatives(depth: depth + 1)
            guard take(")") else { throw PatternError(message: "has a ( without )") }
            return node
        case "*", "+", "?", "{", "}", "]":
            throw PatternError(
                message: "has \(scalar) where nothing can be repeated; write \\\(scalar) for the character")
        default: return .scalar(.only(scalar))
        }
    }

    private mutating func quantified(_ node: PatternNode) throws(PatternError) -> PatternNode {
        var result = node
        if take("*") {
            result = .repeated(node, least: 0, most: nil)
        } else if take("+") {
            result = .repeated(node, least: 1, most: nil)
        } else if take("?") {
            result = .repeated(node, least: 0, most: 1)
        } else if take("{") {
            let least = try number()
            var most: Int? = least
            if take(",") { most = current == "}" ? nil : try number() }
            guard take("}"), most.map({ $0 >= least }) ?? true else {
                throw PatternError(message: "has a repetition that is not {m}, {m,} or {m,n}")
            }
            result = .repeated(node, least: least, most: most)
        } else {
            return node
        }
        // Lazy or greedy: whether it matches is the same.
        _ = take("?")
        return result
    }

    private mutating func number() throws(PatternError) -> Int {
        var value = 0
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar), value <= Self.maxCount {
            value = value * 10 + Int(scalar.value - 0x30)
            position += 1
        }
        guard position > start, value <= Self.maxCount else {
            throw PatternError(message: "has a repetition without a number up to \(Self.maxCount)")
        }
        return value
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        var set = ScalarSet(ranges: [], isNegated: take("^"))
        while !take("]") {
            let first = try classMember()
            guard current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges += first.ranges
                continue
            }
            position += 1
            let last = try classMember()
            guard let low = first.single, let high = last.single, low <= high else {
                throw PatternError(
                    message: "has a range in [ ] that is not from a lower to a higher character")
            }
            set.ranges.append(low...high)
        }
        return set
    }

    private mutating func classMember() throws(PatternError) -> ScalarSet {
        guard let scalar = current else { throw PatternError(message: "has a [ without ]") }
        position += 1
        guard scalar == "\\" else { return .only(scalar) }
        let set = try escape()
        guard !set.isNegated else {
            throw PatternError(message: "has \\D, \\W or \\S in [ ], which is not supported")
        }
        return set
    }

    private mutating func escape() throws(PatternError) -> ScalarSet {
        guard let scalar = current else { throw PatternError(message: "ends with a \\") }
        position += 1
        switch scalar {
        case "d": return ScalarSet(ranges: ScalarSet.digits)
        case "D": return ScalarSet(ranges: ScalarSet.digits, isNegated: true)
        case "w": return ScalarSet(ranges: ScalarSet.wordRanges)
        case "W": return ScalarSet(ranges: ScalarSet.wordRanges, isNegated: true)
        case "s": return ScalarSet(ranges: ScalarSet.spaces)
        case "S": return ScalarSet(ranges: ScalarSet.spaces, isNegated: true)
        case "t": return .only("\t")
        case "n": return .only("\n")
        case "r": return .only("\r")
        case "f": return .only("\u{0C}")
        case "v": return .only("\u{0B}")
        case _ where "^$\\.*+?()[]{}|/-".unicodeScalars.contains(scalar): return .only(scalar)
        default: throw PatternError(message: "has the escape \\\(scalar), which is not supported")
        }
    }
}

extension ScalarSet {
    fileprivate var single: UInt32? {
        guard !isNegated, ranges.count == 1, let range = ranges.first, range.count == 1 else { return nil }
        return range.lowerBound
    }
}

/// Turns a pattern into a program.
struct PatternAssembler {
    private var instructions: [Pattern.Instruction] = []

    mutating func program(of node: PatternNode) throws(PatternError) -> [Pattern.Instruction] {
        try append(node)
        instructions.append(.accept)
        return instructions
    }

    /// Adds one instruction and answers its place.
    @discardableResult
    private mutating func add(_ instruction: Pattern.Instruction) throws(PatternError) -> Int {
        guard instructions.count < Pattern.maxInstructions else {
            throw PatternError(message: "is too large")
        }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func append(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .scalar(let set): try add(.scalar(set))
        case .begin: try add(.begin)
        case .end: try add(.end)
        case .sequence(let nodes): for node in nodes { try append(node) }
        case .alternatives(let branches): try appendAlternatives(branches)
        case .repeated(let node, let least, let most):
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
