internal import TenonJSON

extension CompiledSchema {
    /// The names of the properties that a schema describes, in order, also those of its alternatives.
    func propertyNames(from rules: SchemaRules) -> [String] {
        var names: [String] = []
        var known: Set<KeyBytes> = []
        var open = [rules]
        var seen: Set<Int> = []
        while let next = open.popLast() {
            for name in next.object?.properties.names ?? [] where known.insert(KeyBytes(name)).inserted {
                names.append(name)
            }
            for node in next.inPlace.reversed() where seen.insert(node).inserted {
                open.append(nodes[node].rules)
            }
        }
        return names
    }
}
