import TenonPattern
import TenonTestKit
import Testing

/// Random patterns with groups against a matcher that goes back and tries the next way.
struct FinderReferenceTests {
    @Test func `random patterns find what going back and trying the next way finds`() throws {
        var random = SeededGenerator(seed: 7)
        var found = 0
        var groups = 0
        for _ in 0..<3_000 {
            var groupCount = 0
            let tree = Tree.random(depth: 3, &groupCount, &random)
            let syntax: PatternSyntax = Bool.random(using: &random) ? .re2 : .ecma
            let finder = try PatternFinder(tree.text, syntax: syntax)
            #expect(finder.groupCount == groupCount)
            for _ in 0..<4 {
                let text = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                    Tree.alphabet.randomElement(using: &random) ?? "a"
                }
                let kept = min(groupCount, PatternFinder.maxKeptGroups)
                let wanted = Backtracking(text: text).first(tree, groupCount: kept)
                let string = String(String.UnicodeScalarView(text))
                var matches = finder.matches(in: string, keeping: groupCount)
                let match = try matches.next()
                let places = match.map { match in [match.range] + (1...9).prefix(kept).map { match.group($0) }
                }
                #expect(places == wanted, "\(tree.text) in \(string.debugDescription)")
                #expect(try finder.pattern.matches(string) == (match != nil))
                found += match == nil ? 0 : 1
                groups += places?.dropFirst().count { $0 != nil } ?? 0
            }
        }
        #expect((3_000...11_000).contains(found) && groups > 1_000, "\(found) \(groups)")
    }
}

/// Tries one way after the other.
private struct Backtracking {
    typealias Places = [Range<Int>?]
    let text: [Unicode.Scalar]

    func first(_ tree: Tree, groupCount: Int) -> Places? {
        for start in 0...text.count {
            let none = Places(repeating: nil, count: groupCount + 1)
            let match = follow(tree, start, none) { end, places in
                var places = places
                places[0] = start..<end
                return places
            }
            guard let match else { continue }
            return match.map { $0.map { byte($0.lowerBound)..<byte($0.upperBound) } }
        }
        return nil
    }

    private func byte(_ position: Int) -> Int { text[..<position].reduce(0) { $0 + UTF8.width($1) } }

    private func isWord(_ index: Int) -> Bool {
        text.indices.contains(index) && ["a", "b", "_"].contains(text[index])
    }

    private typealias Rest = (Int, Places) -> Places?

    private func follow(_ tree: Tree, _ start: Int, _ places: Places, _ rest: Rest) -> Places? {
        switch tree {
        case .scalar(let scalar):
            return start < text.count && text[start] == scalar ? rest(start + 1, places) : nil
        case .any: return start < text.count ? rest(start + 1, places) : nil
        case .begin: return start == 0 ? rest(start, places) : nil
        case .end: return start == text.count ? rest(start, places) : nil
        case .boundary: return isWord(start - 1) != isWord(start) ? rest(start, places) : nil
        case .sequence(let trees): return follow(trees[...], start, places, rest)
        case .alternatives(let trees):
            for tree in trees {
                if let match = follow(tree, start, places, rest) { return match }
            }
            return nil
        case .group(let number, let tree):
            return follow(tree, start, places) { end, places in
                var places = places
                if places.indices.contains(number) { places[number] = start..<end }
                return rest(end, places)
            }
        case .repeated(let repetition):
            return follow(repetition, repetition.least, repetition.most, start, places, rest)
        }
    }

    private func follow(
        _ trees: ArraySlice<Tree>, _ start: Int, _ places: Places, _ rest: Rest
    ) -> Places? {
        guard let tree = trees.first else { return rest(start, places) }
        return follow(tree, start, places) { follow(trees.dropFirst(), $0, $1, rest) }
    }

    private func follow(
        _ repetition: Tree.Repetition, _ least: Int, _ most: Int?, _ start: Int, _ places: Places,
        _ rest: Rest
    ) -> Places? {
        func again() -> Places? {
            if least == 0, most == 0 { return nil }
            return follow(repetition.tree, start, places) { end, places in
                // What has read nothing is not repeated without need.
                if end == start, least <= 1, most == nil { return rest(end, places) }
                return follow(repetition, max(least - 1, 0), most.map { $0 - 1 }, end, places, rest)
            }
        }
        if least > 0 { return again() }
        return repetition.isLazy ? rest(start, places) ?? again() : again() ?? rest(start, places)
    }
}

private indirect enum Tree {
    struct Repetition {
        let tree: Tree
        let least: Int
        let most: Int?
        let isLazy: Bool
    }

    case scalar(Unicode.Scalar)
    case any, begin, end, boundary
    case sequence([Tree])
    case alternatives([Tree])
    case group(Int, Tree)
    case repeated(Repetition)

    static let alphabet: [Unicode.Scalar] = ["a", "b", "é", "\u{1F432}", "_", " "]

    static func random(depth: Int, _ groups: inout Int, _ random: inout SeededGenerator) -> Tree {
        switch Int.random(in: 0..<(depth == 0 ? 7 : 16), using: &random) {
        case 0...4: return .scalar(alphabet.randomElement(using: &random) ?? "a")
        case 5: return .any
        case 6: return [.begin, .end, .boundary].randomElement(using: &random) ?? .end
        case 7...8:
            return .sequence((0..<3).map { _ in Tree.random(depth: depth - 1, &groups, &random) })
        case 9...10:
            let count = Int.random(in: 1...3, using: &random)
            return .alternatives((0..<count).map { _ in Tree.random(depth: depth - 1, &groups, &random) })
        case 11...12:
            groups += 1
            return .group(groups, .random(depth: depth - 1, &groups, &random))
        default:
            let least = Int.random(in: 0...2, using: &random)
            let most = Bool.random(using: &random) ? nil : least + Int.random(in: 0...2, using: &random)
            return .repeated(
                Repetition(
                    tree: .random(depth: depth - 1, &groups, &random), least: least, most: most,
                    isLazy: Bool.random(using: &random)))
        }
    }

    var text: String {
        switch self {
        case .scalar(let scalar): "\(scalar)"
        case .any: "."
        case .begin: "^"
        case .end: "$"
        case .boundary: "\\b"
        case .sequence(let trees): trees.map { "(?:\($0.text))" }.joined()
        case .alternatives(let trees): "(?:\(trees.map(\.text).joined(separator: "|")))"
        case .group(_, let tree): "(\(tree.text))"
        case .repeated(let it):
            "(?:\(it.tree.text)){\(it.least),\(it.most.map(String.init) ?? "")}\(it.isLazy ? "?" : "")"
        }
    }
}
