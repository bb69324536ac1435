internal import TenonJSON
internal import TenonModel

/// One check of a value against a schema. Messages never repeat the value: it may be a secret.
///
/// A schema either collects what is wrong, or, inside of `anyOf`, `not` and their like, only says whether the
/// value fits.
struct SchemaValidation {
    static let maxDepth = 512
    static let maxProblems = 100

    let schema: CompiledSchema
    /// A schema whose alternatives multiply must not stop the host. In checks of one value by one schema.
    private var stepsLeft: Int
    private var depth = 0
    private(set) var isExhausted = false

    private var location: [String] = []
    private var path: [Step] = []
    private(set) var problems: [FieldError] = []
    private var isCollecting = true
    /// The resources that the evaluation is in, outermost first, where a dynamic reference asks for them.
    private var scope: [Int] = []

    enum Step {
        case key(String)
        case index(Int)
    }

    init(_ schema: CompiledSchema, stepsLeft: Int) {
        self.schema = schema
        self.stepsLeft = stepsLeft
    }

    /// How many checks a value deserves: several for each of its parts, and never endlessly many.
    static func stepLimit(for value: JSON) -> Int {
        min(20_000_000, 100_000 + 64 * min(value.partCount, 1_000_000))
    }

    /// Everything that is wrong with `value`.
    mutating func allProblems(in value: JSON, node: Int, at pointer: JSONPointer) -> [FieldError] {
        location = pointer.tokens
        problems = []
        isCollecting = true
        var seen = Evaluated(isWanted: false)
        let isValid = accepts(value, node, &seen)
        guard isExhausted else { return isValid ? [] : problems }
        return [FieldError(pointer: pointer.description, message: "costs too much to check by its schema")]
    }

    /// Whether `value` fits; also false where finding out costs too much.
    mutating func isValid(_ value: JSON, node: Int) -> Bool {
        isCollecting = false
        var seen = Evaluated(isWanted: false)
        return accepts(value, node, &seen) && !isExhausted
    }

    /// Checks a value against a node; `seen` learns which of its members or items the schemas looked at.
    mutating func accepts(_ value: JSON, _ index: Int, _ seen: inout Evaluated) -> Bool {
        charge(1)
        guard depth < Self.maxDepth, !isExhausted else {
            isExhausted = true
            return false
        }
        let node = schema.nodes[index]
        if let always = node.rules.always {
            if !always { report("is not allowed here") }
            return always
        }
        if let rule = node.rules.types, !rule.types.allows(value) {
            report("must be \(Words.list(rule.names)), but is \(Words.article(value.typeName))")
            return false
        }
        depth += 1
        let entersResource = schema.hasDynamicReferences && scope.last != node.rules.resource
        if entersResource { scope.append(node.rules.resource) }
        defer {
            depth -= 1
            if entersResource { scope.removeLast() }
        }
        return acceptsInScope(value, node.rules, &seen)
    }

    private mutating func acceptsInScope(_ value: JSON, _ rules: SchemaRules, _ seen: inout Evaluated) -> Bool
    {
        var own = Evaluated(isWanted: seen.isWanted || rules.hasUnevaluated)
        var isValid = fitsByItself(value, rules)
        if goesOn(isValid) { isValid = childrenFit(value, rules, &own) && isValid }
        if goesOn(isValid), rules.reference != nil || rules.dynamicReference != nil {
            isValid = referencesFit(value, rules, &own) && isValid
        }
        if goesOn(isValid), let combination = rules.combination {
            isValid = fits(value, combination, &own) && isValid
        }
        if goesOn(isValid), let object = rules.object, !object.dependentSchemas.isEmpty {
            isValid = dependentSchemasFit(value, object, &own) && isValid
        }
        if goesOn(isValid), rules.hasUnevaluated { isValid = restFits(value, rules, &own) && isValid }
        seen.formUnion(own)
        return isValid
    }

    /// The rules that look at nothing but the value.
    private mutating func fitsByItself(_ value: JSON, _ rules: SchemaRules) -> Bool {
        var isValid = true
        if let allowed = rules.allowedValues {
            let form = value.canonicalForm
            charge(form.count / 8)
            if !allowed.forms.contains(form) {
                report("must be \(allowed.text)")
                isValid = false
            }
        }
        switch value {
        case .int, .uint, .double, .number:
            if let number = rules.number { isValid = fits(value, number) && isValid }
        case .string(let text):
            if let rules = rules.text { isValid = fits(text, rules) && isValid }
        default: break
        }
        return isValid
    }

    private mutating func childrenFit(_ value: JSON, _ rules: SchemaRules, _ own: inout Evaluated) -> Bool {
        switch value {
        case .array(let elements): rules.array.map { fits(elements, $0, &own) } ?? true
        case .object(let object): rules.object.map { fits(object, $0, &own) } ?? true
        default: true
        }
    }

    private mutating func referencesFit(_ value: JSON, _ rules: SchemaRules, _ own: inout Evaluated) -> Bool {
        var isValid = rules.reference.map { accepts(value, $0, &own) } ?? true
        if let reference = rules.dynamicReference, goesOn(isValid) {
            isValid = accepts(value, target(of: reference), &own) && isValid
        }
        return isValid
    }

    /// The outermost resource in scope that has the anchor gives the target.
    private func target(of reference: DynamicReference) -> Int {
        guard let anchor = reference.anchor else { return reference.target }
        for resource in scope {
            if let node = schema.dynamicAnchors[resource][anchor] { return node }
        }
        return reference.target
    }
}

/// What the checks are made of.
extension SchemaValidation {
    mutating func charge(_ steps: Int) {
        stepsLeft -= min(steps, max(stepsLeft, 0))
        if stepsLeft <= 0 { isExhausted = true }
    }

    /// Whether looking further can say more.
    func goesOn(_ isValid: Bool) -> Bool {
        !isExhausted && (isValid || (isCollecting && problems.count < Self.maxProblems))
    }

    mutating func report(_ message: @autoclosure () -> String) { report(message(), at: nil) }

    /// Says what is wrong with the value, or with its member of this name.
    mutating func report(_ message: @autoclosure () -> String, at member: String?) {
        guard isCollecting, problems.count < Self.maxProblems else { return }
        var tokens = location
        for step in path {
            switch step {
            case .key(let key): tokens.append(key)
            case .index(let index): tokens.append(String(index))
            }
        }
        if let member { tokens.append(member) }
        problems.append(FieldError(pointer: JSONPointer(tokens).description, message: message()))
    }

    /// Checks a member or an item.
    mutating func accepts(_ value: JSON, _ index: Int, at step: Step) -> Bool {
        path.append(step)
        defer { path.removeLast() }
        var seen = Evaluated(isWanted: false)
        return accepts(value, index, &seen)
    }

    /// Whether the value fits, without a word about why not.
    mutating func quietly(_ value: JSON, _ index: Int, _ seen: inout Evaluated) -> Bool {
        let wasCollecting = isCollecting
        isCollecting = false
        defer { isCollecting = wasCollecting }
        return accepts(value, index, &seen)
    }

    /// What a schema that the value does not fit says about it; reports nothing.
    mutating func problems(in value: JSON, _ index: Int) -> [FieldError] {
        guard isCollecting, !isExhausted else { return [] }
        let before = problems
        problems = []
        var seen = Evaluated(isWanted: false)
        _ = accepts(value, index, &seen)
        let found = problems
        problems = before
        return found
    }

    mutating func add(_ found: [FieldError]) {
        guard isCollecting else { return }
        problems += found.prefix(Self.maxProblems - min(problems.count, Self.maxProblems))
    }
}

extension JSON {
    /// Values inside of this one, itself included, and texts by their length.
    fileprivate var partCount: Int {
        switch self {
        case .string(let text): 1 + text.utf8.count / 64
        case .array(let elements): elements.reduce(1) { $0 + $1.partCount }
        case .object(let object): object.members.reduce(1) { $0 + $1.value.partCount }
        default: 1
        }
    }
}
