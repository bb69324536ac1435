/// Reads the text of a pattern: alternatives, sequences and repetitions.
///
/// What is right and cannot be matched by an automaton is noted in `unsupported` and read over, so that the
/// rest is checked as well.
struct PatternParser {
    private static let maxCount = 16_384
    private static let maxDepth = 100
    private static let maxRepetition = 1000

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotIsAll = false
        /// RE2's U: lazy is written as greedy is, and the other way round.
        var isUngreedy = false
    }

    let syntax: PatternSyntax
    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    var references = PatternReferences()
    private(set) var unsupported: PatternError?
    /// Between `\Q` and `\E`.
    private var isQuoted = false
    /// False where only the form of the pattern counts: then sets stay empty or as they are.
    let makesSets: Bool
    /// Sets in all cases of their letters, by the names of their properties.
    private var foldedProperties: [String: ScalarSet] = [:]
    /// Ranges of sets that may yet be put together, so that a short pattern cannot cost seconds.
    private var rangesLeft = 500_000

    init(_ text: String, syntax: PatternSyntax, makesSets: Bool = true) throws(PatternError) {
        self.syntax = syntax
        self.makesSets = makesSets
        guard text.utf8.count <= Self.maxCount * 4, text.unicodeScalars.count <= Self.maxCount else {
            throw PatternError(
                kind: .tooLarge, message: "is longer than \(Self.maxCount) characters", offset: nil)
        }
        scalars = Array(text.unicodeScalars)
    }

    var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func scalar(after count: Int) -> Unicode.Scalar? {
        position + count < scalars.count ? scalars[position + count] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard scalars[position...].prefix(wanted.count).elementsEqual(wanted) else { return false }
        position += wanted.count
        return true
    }

    /// What is wrong at `offset`, which is where the parser is if not given.
    func invalid(_ message: String, at offset: Int? = nil) -> PatternError {
        PatternError(kind: .invalid, message: message, offset: offset ?? position)
    }

    mutating func noteUnsupported(_ message: String, at offset: Int) {
        unsupported = unsupported ?? PatternError(kind: .unsupported, message: message, offset: offset)
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives(depth: 0)
        guard current == nil else { throw invalid("has a ) without (") }
        try references.check(syntax)
        return node
    }

    mutating func alternatives(depth: Int) throws(PatternError) -> PatternNode {
        guard depth < Self.maxDepth else {
            throw PatternError(
                kind: .tooLarge, message: "is nested deeper than \(Self.maxDepth)", offset: position)
        }
        var branches = [try sequence(depth: depth)]
        while take("|") { branches.append(try sequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence(depth: Int) throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        skipQuotes()
        while let scalar = current, isQuoted || (scalar != "|" && scalar != ")") {
            let atom: PatternAtom
            if isQuoted {
                position += 1
                atom = PatternAtom(try literal(scalar.value))
            } else {
                atom = try self.atom(depth: depth)
            }
            skipQuotes()
            nodes.append(isQuoted ? atom.node : try repeated(atom))
            skipQuotes()
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func skipQuotes() {
        guard syntax == .re2 else { return }
        while take(isQuoted ? "\\E" : "\\Q") { isQuoted.toggle() }
    }

    mutating func literal(_ scalar: UInt32) throws(PatternError) -> PatternNode {
        .scalar(try folded(ScalarSet([scalar...scalar])))
    }

    /// `set`, with all cases of its letters where the flags say so.
    mutating func folded(_ set: ScalarSet) throws(PatternError) -> ScalarSet {
        guard makesSets, flags.ignoresCase else { return set }
        try pay(CaseFolding.shared.memberCount(of: set))
        return CaseFolding.shared.closure(of: set)
    }

    /// The same for the set of a property, which is closed over case once.
    mutating func foldedProperty(_ name: String, _ set: ScalarSet) throws(PatternError) -> ScalarSet {
        guard flags.ignoresCase else { return set }
        if let known = foldedProperties[name] { return known }
        let closed = try folded(set)
        foldedProperties[name] = closed
        return closed
    }

    /// Charges for ranges that are put together.
    mutating func pay(_ rangeCount: Int) throws(PatternError) {
        rangesLeft -= rangeCount
        guard rangesLeft >= 0 else {
            throw PatternError(
                kind: .tooLarge, message: "has too many sets of characters put together", offset: position)
        }
    }

    private mutating func atom(depth: Int) throws(PatternError) -> PatternAtom {
        let start = position
        guard let scalar = current else { throw invalid("ends too early") }
        position += 1
        switch scalar {
        case "^": return assertion(flags.isMultiline ? .lineBegin : .textBegin)
        case "$": return assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case ".": return PatternAtom(.scalar(anyScalar))
        case "[": return PatternAtom(.scalar(try characterClass(from: start)))
        case "\\": return try escapedAtom(from: start)
        case "(": return try group(from: start, depth: depth)
        case "*", "+", "?": throw invalid("has \(scalar) where nothing can be repeated", at: start)
        case "{", "}", "]":
            if scalar == "{", try repetition(from: start) != nil {
                throw invalid("has { where nothing can be repeated", at: start)
            }
            guard syntax == .re2 else {
                throw invalid("has a lone \(scalar); write \\\(scalar) for the character", at: start)
            }
            return PatternAtom(try literal(scalar.value))
        default: return PatternAtom(try literal(scalar.value))
        }
    }

    private var anyScalar: ScalarSet {
        if flags.dotIsAll { return .all }
        return syntax.lineEnds.inverted
    }

    /// In RE2 also what has no width may be repeated.
    func assertion(_ assertion: PatternAssertion) -> PatternAtom {
        PatternAtom(.assertion(assertion), isRepeatable: syntax == .re2)
    }

    private mutating func repeated(_ atom: PatternAtom) throws(PatternError) -> PatternNode {
        let start = position
        var repetition: PatternRepetition
        if take("*") {
            repetition = PatternRepetition(least: 0, most: nil)
        } else if take("+") {
            repetition = PatternRepetition(least: 1, most: nil)
        } else if take("?") {
            repetition = PatternRepetition(least: 0, most: 1)
        } else if take("{"), let counts = try self.repetition(from: start) {
            repetition = counts
        } else {
            position = start
            return atom.node
        }
        guard atom.isRepeatable else { throw invalid("repeats what cannot be repeated", at: start) }
        repetition.isLazy = take("?") != flags.isUngreedy
        return .repeated(atom.node, repetition)
    }

    /// Reads on after a `{` to the end of `{m}`, `{m,}` or `{m,n}`; nil, and nothing read, where it is not one.
    private mutating func repetition(from start: Int) throws(PatternError) -> PatternRepetition? {
        let begin = position
        guard let least = decimal() else { return nil }
        var most: Int? = least
        if take(",") { most = decimal() }
        guard take("}") else {
            position = begin
            return nil
        }
        guard most ?? least >= least else { throw invalid("repeats at most less than at least", at: start) }
        guard max(least, most ?? 0) <= Self.maxRepetition else {
            throw PatternError(
                kind: .tooLarge, message: "repeats more than \(Self.maxRepetition) times", offset: start)
        }
        return PatternRepetition(least: least, most: most)
    }

    /// A number, not above a million: nothing that large is allowed anywhere.
    mutating func decimal() -> Int? {
        let start = position
        var value = 0
        while let scalar = current, ("0"..."9").contains(scalar) {
            value = min(value * 10 + Int(scalar.value - 0x30), 1_000_000)
            position += 1
        }
        return position > start ? value : nil
    }
}

/// A part of a pattern before its repetition.
struct PatternAtom {
    var node: PatternNode
    var isRepeatable = true

    init(_ node: PatternNode, isRepeatable: Bool = true) {
        self.node = node
        self.isRepeatable = isRepeatable
    }

    /// Nothing that could be repeated.
    static let none = PatternAtom(.sequence([]), isRepeatable: false)
}
