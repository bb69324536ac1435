internal import ArgumentParser
internal import TenonClient
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

struct ExpressionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expression", abstract: "The language of conditions, inputs, filters and templates.",
        subcommands: [ExpressionEvalCommand.self])
}

struct ExpressionEvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluate an expression or a template; needs no host.",
        discussion: """
            Example:
              tenon expression eval 'price * 1.19' --set price=10
              tenon expression eval 'context.rows.filter(r, r.open).size()' --context context.yaml
              curl -s https://example.com/order | tenon expression eval 'items.map(i, i.id)' --context -
              tenon expression eval --template 'Order {{id}}' --set id=7

            Each member of the context is a name, and a member of "context", as in a workflow. The value is printed
            as JSON. Write -- before an expression that begins with a minus.
            """)

    @Argument(help: "The expression.")
    var expression: String
    @Option(help: "A YAML or JSON file with the context; - is the standard input.")
    var context: String?
    @Option(name: .customLong("set"), help: "One value of the context: key=value, the value as JSON or text.")
    var settings: [String] = []
    @Flag(help: "Read it as CEL has it, without what Tenon adds.")
    var strict = false
    @Flag(help: "Read it as a template: a text with {{ }}.")
    var template = false
    @Flag(help: "Print the value with its type and what was read, or the problem, as JSON.")
    var json = false

    func validate() throws {
        if strict, template { throw ValidationError("A template is not read with --strict.") }
    }

    func run() async throws {
        let scope = TrialScope(members: try Settings.object(file: context, settings))
        let trial = try template ? trialOfTemplate(scope) : trialOfExpression(scope)
        let missing = strict ? [] : trial.references.compactMap(scope.missing)
        if json { return Output.json(trial.json(missing: missing)) }
        for missing in missing { Output.errorLine("note:  \(missing)") }
        Output.line(trial.value.prettyText)
    }

    private func trialOfExpression(_ scope: TrialScope) throws(TenonError) -> Trial {
        let compiled = try Expression.compile(
            expression, mode: strict ? .strict : .host, names: strict ? KnownNames() : scope.known)
        let value = try compiled.typedValue(scope)
        return Trial(value: value.json, typeName: value.typeName, references: compiled.references)
    }

    private func trialOfTemplate(_ scope: TrialScope) throws(TenonError) -> Trial {
        let compiled = try Template.compile(.string(expression), names: scope.known)
        let value = try compiled.render(scope)
        return Trial(value: value, typeName: value.typeName, references: compiled.references)
    }
}

/// What an expression gave.
private struct Trial {
    var value: JSON
    var typeName: String
    var references: [Reference]

    func json(missing: [String]) -> JSON {
        var body: JSONObject = [
            "value": value, "type": .string(typeName),
            "reads": .array(references.map { .string(([$0.name] + $0.members).joined(separator: ".")) }),
        ]
        if !missing.isEmpty { body["notes"] = .array(missing.map { .string($0) }) }
        return .object(body)
    }
}

/// The members of an object as the expressions of a workflow see its context.
private struct TrialScope: ExpressionScope {
    private static let group = "context"
    let members: JSONObject
    let now: Timestamp? = SystemTime().now()

    /// A member "context" stands for itself: the object is then all that a step sees.
    func value(named name: String) -> JSON? {
        if let member = members[name] { return member }
        // Not with `?:`, where `nil` would be a null of JSON.
        guard name == Self.group else { return nil }
        return .object(members)
    }

    var names: [String] { members.keys + (members[Self.group] == nil ? [Self.group] : []) }

    /// Names behind "context." and "steps." may hold spaces.
    var known: KnownNames {
        var groups: [String: [String]] = [:]
        for name in [Self.group, "steps"] { groups[name] = names(in: name) }
        return KnownNames(groups: groups)
    }

    /// What to say about a reference that leads nowhere.
    func missing(_ reference: Reference) -> String? {
        guard var value = value(named: reference.name) else {
            let hint = NearestName.suggestion(for: reference.name, among: names)
            return "\(reference.name) is not in the context.\(hint)"
        }
        var path = reference.name
        for member in reference.members {
            // Where there is no object, the value or an error says so.
            guard let object = value.object else { return nil }
            guard let next = object[member] else {
                return
                    "\(path) has no \"\(member)\".\(NearestName.suggestion(for: member, among: object.keys))"
            }
            path += ".\(member)"
            value = next
        }
        return nil
    }
}
