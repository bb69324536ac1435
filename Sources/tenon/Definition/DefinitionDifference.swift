internal import TenonJSON
internal import TenonRuntime

/// What a definition changes compared with the saved one.
struct DefinitionDifference {
    /// Members that the host adds.
    private static let hostMembers = DefinitionRecord.addedKeys.union(["digest"])
    /// Members that the host adds to a step: what was found in its expressions.
    private static let foundMembers = ["inferredDependencies", "secrets"]

    /// The names of the members that differ.
    let changed: [String]

    init(saved: JSON, wanted: JSON) {
        var saved = saved.object ?? JSONObject()
        saved["steps"] = saved["steps"].map(Self.withoutFindings)
        let wanted = wanted.object ?? JSONObject()
        let names = wanted.keys + saved.keys.filter { wanted[$0] == nil }
        changed = names.filter { name in
            guard !Self.hostMembers.contains(name) else { return false }
            guard let value = wanted[name] else { return !(saved[name].map(Self.isDefault) ?? true) }
            return saved[name] != value && !(saved[name] == nil && Self.isDefault(value))
        }
    }

    private static func withoutFindings(_ steps: JSON) -> JSON {
        guard let elements = steps.array else { return steps }
        return .array(
            elements.map { step in
                guard var fields = step.object else { return step }
                for member in foundMembers { fields[member] = nil }
                return .object(fields)
            })
    }

    var isEmpty: Bool { changed.isEmpty }

    /// What stands for a member that was left out.
    private static func isDefault(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty || text == "strict"
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }
}
