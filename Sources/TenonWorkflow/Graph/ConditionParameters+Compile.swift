internal import TenonExpression
internal import TenonJSON
internal import TenonModel

extension ConditionParameters {
    private static let switchFields = ["switch", "cases", "default"]
    private static let testFields = ["condition", "trueStep", "falseStep"]

    static func compile(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> ConditionParameters? {
        let pointer = step.pointer.appending("parameters")
        reader.checkKeys(step.parameters, known: testFields + switchFields, pointer)
        return step.parameters["cases"] != nil || step.parameters["switch"] != nil
            ? cases(step, compiler, &reader) : test(step, compiler, &reader)
    }

    // MARK: condition, trueStep, falseStep

    private static func test(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> ConditionParameters? {
        let pointer = step.pointer.appending("parameters")
        let fields = step.parameters
        let trueTargets = targets(fields, "trueStep", pointer, compiler, &reader)
        let falseTargets = targets(fields, "falseStep", pointer, compiler, &reader)
        let selector: Selector
        switch fields["condition"] {
        case .bool(let isTrue)?:
            guard let text = compiler.expression(isTrue ? "true" : "false", at: pointer, &reader) else {
                return nil
            }
            selector = .test(text)
        case .string(let text)?:
            let place = pointer.appending("condition")
            guard let condition = compiler.condition(text, at: place, &reader) else { return nil }
            selector = .test(condition)
        case let other:
            let found = other.map { "must be an expression, not \($0.typeName)" }
            reader.refuse(
                pointer.appending("condition"),
                found ?? "is missing; give an expression such as \"design.status == 'approved'\"")
            return nil
        }
        return ConditionParameters(
            selector: selector,
            branches: [
                Branch(name: "true", targets: trueTargets, stopsWithoutTarget: false),
                Branch(name: "false", targets: falseTargets, stopsWithoutTarget: true),
            ])
    }

    // MARK: switch, cases, default

    private static func cases(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> ConditionParameters? {
        let pointer = step.pointer.appending("parameters")
        let fields = step.parameters
        guard let elements = reader.array(fields, "cases", pointer), !elements.isEmpty else {
            reader.refuse(pointer.appending("cases"), "a switch needs at least one case")
            return nil
        }
        var subject: Expression?
        if let text = reader.string(fields, "switch", pointer) {
            subject = compiler.expression(text, at: pointer.appending("switch"), &reader)
            if subject == nil { return nil }
        }
        var branches: [Branch] = []
        var values: [JSON] = []
        var conditions: [Expression] = []
        for (index, element) in elements.enumerated() {
            let place = pointer.appending("cases").appending(index)
            guard let fields = element.object else {
                reader.refuse(place, "must be an object, not \(element.typeName)")
                continue
            }
            reader.checkKeys(fields, known: ["value", "condition", "step"], place)
            let caseTargets = targets(fields, "step", place, compiler, &reader)
            branches.append(
                Branch(
                    name: fields["step"]?.string ?? "case \(index)", targets: caseTargets,
                    stopsWithoutTarget: false))
            if subject != nil {
                if fields["value"] == nil {
                    reader.refuse(place.appending("value"), "is missing; a case of a switch has a value")
                }
                values.append(fields["value"] ?? .null)
            } else if let text = reader.string(fields, "condition", place) {
                let condition = compiler.condition(text, at: place.appending("condition"), &reader)
                if let condition { conditions.append(condition) }
            } else {
                reader.refuse(
                    place.appending("condition"), "is missing; a case without a switch has a condition")
            }
        }
        let defaultTargets = targets(fields, "default", pointer, compiler, &reader)
        branches.append(Branch(name: "default", targets: defaultTargets, stopsWithoutTarget: true))
        return ConditionParameters(
            selector: subject.map { .match($0, values) } ?? .first(conditions), branches: branches)
    }

    /// The steps that a field names: one name or a list. A name that no step has is a warning.
    private static func targets(
        _ fields: JSONObject, _ key: String, _ pointer: JSONPointer, _ compiler: GraphCompiler,
        _ reader: inout DefinitionReader
    ) -> [Int] {
        let names: [JSON]
        switch fields[key] {
        case nil, .null?: return []
        case .array(let elements)?: names = elements
        case let name?: names = [name]
        }
        var targets: [Int] = []
        var seen: Set<Int> = []
        for name in names {
            guard let text = name.string else {
                reader.refuse(pointer.appending(key), "must be a step's name, not \(name.typeName)")
                continue
            }
            if let index = compiler.stepNames.lenient(text) {
                if seen.insert(index).inserted { targets.append(index) }
            } else {
                let suggestion = reader.suggestion(for: text, among: compiler.allNames)
                reader.warn(
                    pointer.appending(key), "workflow.unknown-branch",
                    "no step is called \"\(text)\", so this branch leads nowhere."
                        + suggestion)
            }
        }
        return targets
    }
}
