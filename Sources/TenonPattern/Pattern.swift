/// A regular expression of JSON Schema's `pattern`, matched by an automaton in time linear in the text: no
/// pattern can hang
/// the host.
///
/// The regular part of ECMA-262: characters, `.`, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`, `^` and
/// `$`.
/// Back-references, look-around, `\b` and `\p` are refused.
package struct Pattern: Sendable {
    enum Instruction: Sendable {
        case scalar(ScalarSet)
        case split(Int, Int)
        case begin
        case end
        case accept
    }

    static let maxInstructions = 2000
    private let program: [Instruction]

    /// Throws a sentence about what is wrong.
    package init(_ text: String) throws(PatternError) {
        var parser = PatternParser(text)
        var assembler = PatternAssembler()
        program = try assembler.program(of: try parser.parse())
    }

    /// Whether the pattern occurs anywhere in `text`.
    package func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var run = Run(program: program)
        for position in 0...scalars.count {
            let isEnd = position == scalars.count
            // A match may begin at every position.
            if run.follow(0, isStart: position == 0, isEnd: isEnd) { return true }
            if isEnd { return false }
            if run.advance(over: scalars[position], isEnd: position + 1 == scalars.count) { return true }
        }
        return false
    }
}

package struct PatternError: Error, Equatable {
    package let message: String
}

/// A set of Unicode scalars.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>]
    var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } != isNegated
    }

    static func only(_ scalar: Unicode.Scalar) -> ScalarSet {
        ScalarSet(ranges: [scalar.value...scalar.value])
    }
    static let anyButLineBreak = ScalarSet(
        ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let wordRanges: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    static let spaces: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029,
        0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]
}

/// The places of the program where a match may be, all followed at the same time.
private struct Run {
    let program: [Pattern.Instruction]
    private var waiting: [Int] = []
    private var seen: [Bool]

    init(program: [Pattern.Instruction]) {
        self.program = program
        seen = [Bool](repeating: false, count: program.count)
    }

    /// Goes on from `start` as far as no scalar is needed; true once the pattern has matched.
    mutating func follow(_ start: Int, isStart: Bool, isEnd: Bool) -> Bool {
        var open = [start]
        while let place = open.popLast() {
            guard !seen[place] else { continue }
            seen[place] = true
            switch program[place] {
            case .scalar: waiting.append(place)
            case .split(let first, let second): open += [second, first]
            case .begin: if isStart { open.append(place + 1) }
            case .end: if isEnd { open.append(place + 1) }
            case .accept: return true
            }
        }
        return false
    }

    mutating func advance(over scalar: Unicode.Scalar, isEnd: Bool) -> Bool {
        let places = waiting
        waiting.removeAll(keepingCapacity: true)
        for index in seen.indices { seen[index] = false }
        for place in places {
            guard case .scalar(let set) = program[place], set.contains(scalar) else { continue }
            if follow(place + 1, isStart: false, isEnd: isEnd) { return true }
        }
        return false
    }
}
