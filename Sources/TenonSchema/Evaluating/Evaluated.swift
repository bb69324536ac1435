/// The members or items of one value that some schema has looked at, for `unevaluatedProperties` and
/// `unevaluatedItems`.
struct Evaluated {
    /// Nobody asks where this is false, and nothing is kept.
    let isWanted: Bool
    private var isComplete = false
    private var words: [UInt64] = []

    init(isWanted: Bool) { self.isWanted = isWanted }

    /// For another schema that sees the same value.
    var fresh: Evaluated { Evaluated(isWanted: isWanted) }

    mutating func insert(_ position: Int) {
        guard isWanted, !isComplete else { return }
        let word = position >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(position & 63)
    }

    mutating func insertAll() { isComplete = true }

    func contains(_ position: Int) -> Bool {
        let word = position >> 6
        return isComplete || (words.indices.contains(word) && words[word] & (1 << UInt64(position & 63)) != 0)
    }

    mutating func formUnion(_ other: Evaluated) {
        guard isWanted, !isComplete else { return }
        isComplete = other.isComplete
        while words.count < other.words.count { words.append(0) }
        for (word, bits) in other.words.enumerated() { words[word] |= bits }
    }
}
