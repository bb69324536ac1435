/// The secrets of a project by name, with the values that some had before.
package struct SecretValues: Sendable {
    package var current: [String: String]
    /// Values that were replaced or removed not long ago: no call gets them, but one may answer with them.
    package var replaced: [String: [String]]
    /// Of two readings of one project's secrets the later one has the higher number.
    package var generation: UInt64

    package init(
        _ current: [String: String] = [:], replaced: [String: [String]] = [:], generation: UInt64 = 0
    ) {
        self.current = current
        self.replaced = replaced
        self.generation = generation
    }

    /// Every value, whatever its name and age.
    package var all: Set<String> { Set(current.values).union(replaced.values.joined()) }

    /// Every value that secrets of these names have or had.
    package func all(of names: [String]) -> Set<String> {
        var all: Set<String> = []
        for name in names {
            if let value = current[name] { all.insert(value) }
            all.formUnion(replaced[name] ?? [])
        }
        return all
    }
}

extension SecretValues: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
}
