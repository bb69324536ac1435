/// The groups of a pattern and what refers to them.
struct PatternReferences {
    private(set) var groupCount = 0
    private var names: Set<String> = []
    private var repeatedName: (name: String, offset: Int)?
    private var numbers: [(number: Int, offset: Int)] = []
    private var usedNames: [(name: String, offset: Int)] = []

    /// Answers the group's number.
    mutating func addGroup() -> Int {
        groupCount += 1
        return groupCount
    }

    mutating func addGroup(named name: String, at offset: Int) -> Int {
        if !names.insert(name).inserted, repeatedName == nil { repeatedName = (name, offset) }
        return addGroup()
    }

    mutating func refer(to number: Int, at offset: Int) { numbers.append((number, offset)) }
    mutating func refer(to name: String, at offset: Int) { usedNames.append((name, offset)) }

    /// Whether every group that is referred to exists. ECMA-262 allows a name twice in different alternatives.
    func check(_ syntax: PatternSyntax) throws(PatternError) {
        if syntax == .re2, let repeatedName {
            throw PatternError(
                kind: .invalid, message: "has two groups named \(repeatedName.name)",
                offset: repeatedName.offset)
        }
        if let missing = numbers.first(where: { $0.number > groupCount }) {
            throw PatternError(
                kind: .invalid, message: "refers to group \(missing.number), which it does not have",
                offset: missing.offset)
        }
        if let missing = usedNames.first(where: { !names.contains($0.name) }) {
            throw PatternError(
                kind: .invalid, message: "refers to a group \(missing.name), which it does not have",
                offset: missing.offset)
        }
    }
}
