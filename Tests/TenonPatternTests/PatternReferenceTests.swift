import TenonPattern
import Testing

/// Random patterns against a matcher that tries everything.
struct PatternReferenceTests {
    @Test func `random patterns match what a matcher that tries everything matches`() throws {
        var random = SplitMix(state: 42)
        var matched = 0
        for _ in 0..<1_500 {
            let tree = Tree.random(depth: 3, &random)
            let syntax: PatternSyntax = Bool.random(using: &random) ? .re2 : .ecma
            let pattern = try Pattern(tree.text, syntax: syntax)
            for _ in 0..<6 {
                let text = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                    Tree.alphabet.randomElement(using: &random) ?? "a"
                }
                let expected = (0...text.count).contains { !tree.ends(in: text, from: $0).isEmpty }
                let string = String(String.UnicodeScalarView(text))
                #expect(try pattern.matches(string) == expected, "\(tree.text) in \(string.debugDescription)")
                matched += expected ? 1 : 0
            }
        }
        #expect((1_500...7_500).contains(matched))
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// A pattern that knows its text and, by trying, where its matches end.
private indirect enum Tree {
    case scalar(Unicode.Scalar)
    case set([Unicode.Scalar], isNegated: Bool)
    case begin, end, boundary, noBoundary
    case sequence([Tree])
    case alternatives([Tree])
    case repeated(Tree, Int, Int?)

    static let alphabet: [Unicode.Scalar] = ["a", "b", "é", "名", "\u{1F432}", " ", "_", "7"]

    static func random(depth: Int, _ random: inout SplitMix) -> Tree {
        let scalar = alphabet.randomElement(using: &random) ?? "a"
        func several(_ random: inout SplitMix) -> [Tree] {
            (0..<Int.random(in: 0...3, using: &random)).map { _ in Tree.random(depth: depth - 1, &random) }
        }
        switch Int.random(in: 0..<(depth == 0 ? 8 : 16), using: &random) {
        case 0...3: return .scalar(scalar)
        case 4...5:
            return .set(
                alphabet.filter { _ in Bool.random(using: &random) } + [scalar],
                isNegated: Bool.random(using: &random))
        case 6: return Bool.random(using: &random) ? .begin : .end
        case 7: return Bool.random(using: &random) ? .boundary : .noBoundary
        case 8...10: return .sequence(several(&random))
        case 11...12: return .alternatives(several(&random))
        default:
            let least = Int.random(in: 0...2, using: &random)
            let most = Bool.random(using: &random) ? nil : least + Int.random(in: 0...2, using: &random)
            return .repeated(.random(depth: depth - 1, &random), least, most)
        }
    }

    var text: String {
        switch self {
        case .scalar(let scalar): "\(scalar)"
        case .set(let scalars, let isNegated): "[\(isNegated ? "^" : "")\(scalars.map(String.init).joined())]"
        case .begin: "^"
        case .end: "$"
        case .boundary: "\\b"
        case .noBoundary: "\\B"
        case .sequence(let trees): trees.map { "(?:\($0.text))" }.joined()
        case .alternatives(let trees): "(\(trees.map(\.text).joined(separator: "|")))"
        case .repeated(let tree, let least, let most):
            "(?:\(tree.text)){\(least),\(most.map(String.init) ?? "")}"
        }
    }

    func ends(in text: [Unicode.Scalar], from start: Int) -> Set<Int> {
        func isWord(_ index: Int) -> Bool {
            text.indices.contains(index) && ["a", "b", "_", "7"].contains(text[index])
        }
        switch self {
        case .scalar(let scalar): return start < text.count && text[start] == scalar ? [start + 1] : []
        case .set(let scalars, let isNegated):
            return start < text.count && scalars.contains(text[start]) != isNegated ? [start + 1] : []
        case .begin: return start == 0 ? [start] : []
        case .end: return start == text.count ? [start] : []
        case .boundary: return isWord(start - 1) != isWord(start) ? [start] : []
        case .noBoundary: return isWord(start - 1) == isWord(start) ? [start] : []
        case .sequence(let trees):
            return trees.reduce([start]) { starts, tree in
                Set(starts.flatMap { tree.ends(in: text, from: $0) })
            }
        case .alternatives(let trees):
            return trees.isEmpty ? [start] : Set(trees.flatMap { $0.ends(in: text, from: start) })
        case .repeated(let tree, let least, let most):
            var reached: Set<Int> = least == 0 ? [start] : []
            var current: Set<Int> = [start]
            for count in 1...(max(least, 1) + text.count + 1) where count <= most ?? .max {
                current = Set(current.flatMap { tree.ends(in: text, from: $0) })
                if count >= least { reached.formUnion(current) }
            }
            return reached
        }
    }
}
