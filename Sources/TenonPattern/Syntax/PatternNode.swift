/// What a pattern is made of.
indirect enum PatternNode: Sendable {
    case scalar(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repeated(PatternNode, least: Int, most: Int?)
}

/// What must hold between two scalars.
enum PatternAssertion: Sendable, Hashable {
    case textBegin
    case textEnd
    /// At the begin of the text or after a line feed.
    case lineBegin
    /// At the end of the text or before a line feed.
    case lineEnd
    case wordBoundary
    case notWordBoundary
}
