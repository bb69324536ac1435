internal import TenonJSON

/// What a definition changes compared with the saved one.
struct DefinitionDifference {
    /// Members that the host adds.
    private static let hostMembers: Set<String> = [
        "id", "version", "status", "createdAt", "updatedAt", "warnings", "digest",
    ]

    /// The names of the members that differ.
    let changed: [String]

    init(saved: JSON, wanted: JSON) {
        let saved = saved.object ?? JSONObject()
        let wanted = wanted.object ?? JSONObject()
        let names = wanted.keys + saved.keys.filter { wanted[$0] == nil }
        changed = names.filter { name in
            guard !Self.hostMembers.contains(name) else { return false }
            guard let value = wanted[name] else { return !(saved[name].map(Self.isDefault) ?? true) }
            return saved[name] != value && !(saved[name] == nil && Self.isDefault(value))
        }
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
