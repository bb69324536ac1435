internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The names that the expressions of a workflow may use, as far as its definition tells.
struct ScopeNames: Sendable {
    /// Names that belong to the language.
    static let groups = ["context", "steps", "trigger", "execution", "workflow", "secret"]
    /// Names that exist inside loops only.
    static let loopNames = ["item", "index"]
    /// What is behind the names of `groups` that always hold the same, and behind a step's.
    private static let fields = [
        "execution": ["id", "status", "hasFailed", "startedAt"],
        "workflow": ["name", "projectId"],
    ]
    private static let stepFields =
        [
            "output": nil, "status": [], "attempts": [], "response": ["status", "headers"],
            "error": ["message", "class"],
        ] as [String: [String]?]

    /// Names and ids of all steps.
    let steps: [String]
    /// Names that `outputAs` gives.
    let outputs: [String]
    /// Keys of the context that `inputSchema` names.
    let properties: [String]
    /// Whether `inputSchema` allows no others.
    let isClosed: Bool
    /// What is known of the values.
    private let types: TypeEnvironment
    private let isStored: Bool

    init(_ definition: WorkflowDefinition) {
        steps = definition.steps.flatMap { [$0.name, $0.id] }
        outputs = definition.steps.compactMap(\.outputName)
        properties = definition.contextNames.properties
        isStored = definition.isStored
        isClosed = definition.contextNames.isClosed
        // Where a step's output may stand, too, its type is not known.
        let taken = Set(steps + outputs)
        types = Self.types(definition.contextNames, besides: taken)
    }

    private static func types(_ names: ContextNames, besides taken: Set<String>) -> TypeEnvironment {
        var types = TypeEnvironment()
        for (path, type) in names.types {
            guard let root = path.first, !taken.contains(root) else { continue }
            types.declare((["context"] + path).joined(separator: "."), type)
            if !groups.contains(root) { types.declare(path.joined(separator: "."), type) }
        }
        for field in ["execution.id", "execution.status", "workflow.name", "workflow.projectId"] {
            types.declare(field, .string)
        }
        types.declare("execution.startedAt", .string)
        types.declare("execution.hasFailed", .bool)
        return types
    }

    /// Every top-level name that is known.
    var topLevel: [String] { Self.groups + outputs + properties }

    /// What compiles expressions. `allowsSecrets`: only where a connector's input is written.
    func known(allowsSecrets: Bool) -> KnownNames {
        guard !isStored else {
            var known = aroundRecords
            known.problem = { reference in
                reference.name == "secret"
                    ? Self.secretProblem(reference.members, isAllowed: allowsSecrets) : nil
            }
            return known
        }
        var known = KnownNames(
            topLevel: isClosed ? topLevel : nil,
            groups: ["context": steps + outputs + properties, "steps": steps],
            closedGroups: isClosed ? ["steps", "context"] : ["steps"])
        known.problem = { Self.problem(with: $0, allowsSecrets: allowsSecrets) }
        known.types = types
        return known
    }

    /// What compiles the expressions of transformations: fields of records may have any name.
    var aroundRecords: KnownNames {
        var known = KnownNames(groups: ["context": steps + outputs + properties, "steps": steps])
        known.isStored = isStored
        return known
    }

    // MARK: Fields

    private static func problem(with reference: Reference, allowsSecrets: Bool) -> String? {
        let members = reference.members
        switch reference.name {
        case "secret": return secretProblem(members, isAllowed: allowsSecrets)
        case "steps":
            guard let step = members.first, members.count > 1 else { return nil }
            return fieldProblem(members[1...], of: "steps.\(step)")
        default:
            guard let known = fields[reference.name], let name = members.first, !known.contains(name) else {
                return nil
            }
            return noField(name, in: reference.name, known)
        }
    }

    private static func fieldProblem(_ members: ArraySlice<String>, of step: String) -> String? {
        guard let name = members.first else { return nil }
        guard let inner = stepFields[name] else {
            return noField(name, in: step, ["output", "status", "response", "attempts", "error"])
        }
        guard let inner, let next = members.dropFirst().first, !inner.contains(next) else { return nil }
        return noField(next, in: "\(step).\(name)", inner)
    }

    private static func noField(_ name: String, in owner: String, _ known: [String]) -> String {
        let list = known.isEmpty ? "no members" : known.joined(separator: ", ")
        return "there is no \"\(name)\" in \(owner)." + NearestName.suggestion(for: name, among: known)
            + " It has \(list)"
    }

    private static func secretProblem(_ members: [String], isAllowed: Bool) -> String? {
        guard isAllowed else {
            return
                "a secret may only stand in the input of a connector (an api-call's endpoint, query, headers, "
                + "data or input); anywhere else its value could be recorded"
        }
        switch members.count {
        case 0: return "a secret is named as it stands: secret.NAME"
        case 1: return nil
        default: return "a secret is a text, so there is no \"\(members[1])\" in secret.\(members[0])"
        }
    }
}
