/// A pattern as an automaton that may be in many places at once.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on to the next place over a scalar of the set with this number.
        case scalar(set: Int)
        case split(Int, Int)
        case assertion(PatternAssertion)
        case accept
        /// Notes where a group begins or ends.
        case save(slot: Int)
    }

    let instructions: [Instruction]
    let sets: [ScalarSet]
    let alphabet: PatternAlphabet
    /// A match can begin at the begin of the text only.
    let isAnchored: Bool
    /// Some place asks what stands around it.
    let hasAssertions: Bool
    /// The UTF-8 bytes every match begins with; empty where there are none or what stands before counts.
    let prefix: [UInt8]
    /// What `^` and `$` of lines stand beside.
    let lineEnds: ScalarSet
}
