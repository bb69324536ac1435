/// A version in a range, as it is written: parts may be missing or `x`, `X` or `*`.
struct PartialVersion {
    var major: Substring
    var minor: Substring = ""
    var patch: Substring = ""
    var prerelease: Substring = ""

    static func isAny(_ part: Substring) -> Bool { part.isEmpty || part == "*" || part == "x" || part == "X" }

    /// A part that is open before one that is not.
    var hasWrongOrder: Bool {
        (Self.isAny(major) && !Self.isAny(minor)) || (Self.isAny(minor) && !Self.isAny(patch))
    }

    /// The number after `part`; one that is no version's number where there is none.
    static func next(_ part: Substring) -> String {
        let number = UInt64(part) ?? SemanticVersion.maxNumber
        return String(min(number, SemanticVersion.maxNumber) + 1)
    }
}
