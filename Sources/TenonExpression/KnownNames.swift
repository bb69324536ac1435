/// The names that exist where an expression will be evaluated, as far as they are known when it is compiled.
package struct KnownNames: Sendable {
    /// Top-level names; nil: any name may exist.
    package let topLevel: [String]?
    /// Names after `context.`, `steps.` and the like, which may hold spaces; the longest that fits is taken.
    let groups: [String: NameGroup]
    /// What is wrong with a value that an expression reads, in words that end up beside its position; nil:
    /// nothing. For rules that the names alone do not tell.
    package var problem: (@Sendable (Reference) -> String?)?
    /// What is known of the values behind the names; nothing of a name that is not in it.
    package var types = TypeEnvironment()
    /// Whether the definition was accepted when it was saved: then what types or constants show to fail is left
    /// to the evaluation, so that a newer version or another machine still reads it.
    package var isStored = false

    /// `closedGroups`: those in which another name than the given is a mistake.
    package init(
        topLevel: [String]? = nil, groups: [String: [String]] = [:], closedGroups: Set<String> = []
    ) {
        self.topLevel = topLevel
        var named: [String: NameGroup] = [:]
        for (group, names) in groups {
            named[group] = NameGroup(names, isClosed: closedGroups.contains(group))
        }
        self.groups = named
    }
}

/// The names of one group, to be found at a place in a text.
struct NameGroup: Sendable {
    let names: Set<String>
    let isClosed: Bool
    /// Every length that a name has, in bytes, longest first.
    private let lengths: [Int]

    init(_ names: [String], isClosed: Bool) {
        self.names = Set(names).subtracting([""])
        self.isClosed = isClosed
        lengths = Set(self.names.map(\.utf8.count)).sorted(by: >)
    }

    /// The longest name that stands at `offset` and does not go on as a longer word.
    func longestName(in bytes: [UInt8], at offset: Int) -> String? {
        for length in lengths where offset + length <= bytes.count {
            let end = offset + length
            if end < bytes.count, bytes[end].isNameStart || bytes[end].isDigit { continue }
            if let text = String(validating: bytes[offset..<end], as: UTF8.self), names.contains(text) {
                return text
            }
        }
        return nil
    }
}
