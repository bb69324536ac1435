/// What a pattern is made of.
indirect enum PatternNode: Sendable {
    case scalar(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repeated(PatternNode, PatternRepetition)
    /// What stands between parentheses, with its number from 1.
    case group(PatternNode, number: Int)
}

/// How often a part of a pattern occurs in a row.
struct PatternRepetition: Sendable {
    var least: Int
    var most: Int?
    /// As few times as possible come first, not as many.
    var isLazy = false
}

/// What must hold between two scalars.
enum PatternAssertion: Sendable, Hashable {
    case textBegin
    case textEnd
    /// At the begin of the text or after the end of a line.
    case lineBegin
    /// At the end of the text or before the end of a line.
    case lineEnd
    case wordBoundary
    case notWordBoundary
}

extension PatternNode {
    /// Whether it can match without reading anything.
    var isNullable: Bool {
        switch self {
        case .scalar: false
        case .assertion: true
        case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
        case .alternatives(let nodes): nodes.contains(where: \.isNullable)
        case .repeated(let node, let repetition): repetition.least == 0 || node.isNullable
        case .group(let node, _): node.isNullable
        }
    }
}
