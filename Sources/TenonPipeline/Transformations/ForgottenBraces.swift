internal import TenonExpression

/// Finds texts that are read as paths and were probably meant to be computed.
enum ForgottenBraces {
    /// Those that no column is called by; unlike `a - b` and `a / b`.
    private static let signs = [
        " + ", " * ", " % ", " == ", " != ", " < ", " <= ", " > ", " >= ", " && ", " || ", " ?? ", " ? ",
    ]

    static func areLikely(in path: String) -> Bool {
        guard hasCall(path) || signs.contains(where: { path.contains($0) }) else { return false }
        var names = KnownNames()
        names.isStored = true
        // `try?`: what is no expression, such as `count(*)`, can only be the name of a field.
        return (try? Expression.compile(path, names: names)) != nil
    }

    private static func hasCall(_ text: String) -> Bool {
        zip(text.unicodeScalars, text.unicodeScalars.dropFirst()).contains { before, after in
            after == "(" && before.properties.isAlphabetic
        }
    }
}
