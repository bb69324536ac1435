/// The secrets of a project by name, with the values that some had before.
package struct SecretValues: Sendable, Equatable {
    package var current: [String: String]
    /// Values that were replaced or removed not long ago: no call gets them, but one may answer with them.
    package var replaced: [String: [String]]

    package init(_ current: [String: String] = [:], replaced: [String: [String]] = [:]) {
        self.current = current
        self.replaced = replaced
    }

    /// Those of some names only.
    package func filter(_ isIncluded: (String) -> Bool) -> SecretValues {
        SecretValues(
            current.filter { isIncluded($0.key) }, replaced: replaced.filter { isIncluded($0.key) })
    }

    /// Every value, whatever its name and age.
    package var all: Set<String> { Set(current.values).union(replaced.values.joined()) }
}

extension SecretValues: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
