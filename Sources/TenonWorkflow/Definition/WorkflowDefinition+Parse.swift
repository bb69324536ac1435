package import TenonJSON
package import TenonModel
internal import TenonSchedule
internal import TenonSchema

extension WorkflowDefinition {
    private static let knownFields = [
        "projectId", "name", "description", "mode", "steps", "triggers", "integrationIds", "durability",
        "timeout",
        "inputSchema", "id", "version", "status", "createdAt", "updatedAt", "warnings", "enabled", "tests",
    ]
    /// Fields whose loss would change what an execution does.
    private static let plannedFields = ["concurrency", "onError", "finally"]

    /// Reads and checks a definition: `workflow.invalid` (or the one code that all mistakes share) with a
    /// pointer for each mistake; warnings for what is allowed and probably not meant. Of a stored definition
    /// only what makes it unreadable is a mistake: neither schedules nor what an expression would do.
    package static func parse(
        _ json: JSON, isStored: Bool = false
    ) throws(TenonError) -> (definition: WorkflowDefinition, warnings: [DefinitionWarning]) {
        guard case .object(let object) = json else {
            throw TenonError(
                .workflowInvalid, "a workflow is a JSON object, not \(json.typeName)",
                fields: [FieldError(pointer: "", message: "must be an object", code: .workflowInvalid)])
        }
        var reader = DefinitionReader()
        var definition = read(object, &reader, isStored)
        definition.contextNames = ContextNames(inputSchema: object["inputSchema"])
        // Without readable steps, errors of the graph would only repeat what is wrong already.
        if reader.mistakes.isEmpty { _ = GraphCompiler.compile(definition, &reader) }
        try reader.throwMistakes()
        return (definition, reader.warnings)
    }

    private static func read(
        _ object: JSONObject, _ reader: inout DefinitionReader, _ isStored: Bool
    ) -> WorkflowDefinition {
        let root = JSONPointer()
        reader.checkKeys(object, known: knownFields + plannedFields, root)
        for field in plannedFields {
            guard let value = object[field], !value.isNull, value != [] else { continue }
            reader.refuse(
                root.appending(field), "\"\(field)\" is not supported yet; leave it out",
                .workflowUnsupportedField)
        }
        return WorkflowDefinition(
            projectID: ProjectID(userText(object, "projectId", root, &reader)),
            name: userText(object, "name", root, &reader),
            description: reader.string(object, "description", root) ?? "",
            mode: reader.choice(object, "mode", root) ?? .order, steps: readSteps(object, &reader),
            triggers: readTriggers(object, &reader, isStored),
            integrationIDs: reader.strings(object, "integrationIds", root).map { IntegrationID($0) },
            durability: readDurability(object, &reader),
            timeout: reader.duration(object, "timeout", isPositive: true, root),
            inputSchema: readInputSchema(object, &reader), isStored: isStored)
    }

    private static func readInputSchema(_ object: JSONObject, _ reader: inout DefinitionReader) -> JSONSchema?
    {
        guard let schema = object["inputSchema"], !schema.isNull else { return nil }
        do throws(TenonError) {
            return try JSONSchema(schema, at: JSONPointer(["inputSchema"]))
        } catch {
            for field in error.fields {
                reader.refuse([
                    FieldError(pointer: field.pointer, message: field.message, code: .workflowInvalid)
                ])
            }
            return nil
        }
    }

    private static func userText(
        _ object: JSONObject, _ key: String, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> String {
        guard let value = object[key], !value.isNull else {
            reader.refuse(pointer.appending(key), "is missing")
            return ""
        }
        let text = reader.string(object, key, pointer) ?? "?"
        if let problem = UserGivenText.problem(with: text) { reader.refuse(pointer.appending(key), problem) }
        return text
    }

    private static func readDurability(_ object: JSONObject, _ reader: inout DefinitionReader) -> Durability {
        reader.choice(object, "durability", JSONPointer()) ?? .strict
    }

    private static func readTriggers(
        _ object: JSONObject, _ reader: inout DefinitionReader, _ isStored: Bool
    ) -> [TriggerDefinition] {
        let read = TriggerReader(
            ["triggers": object["triggers"] ?? [], "enabled": object["enabled"] ?? true], kind: "workflow",
            definitionID: "", takesContext: true)
        // A stored one that cannot be read any more does not fire; executions need none.
        if !isStored {
            reader.refuse(
                read.mistakes.map { mistake in
                    var mistake = mistake
                    mistake.code = mistake.code ?? .workflowInvalid
                    return mistake
                })
        }
        for (pointer, type) in read.unfired {
            reader.warn(
                pointer, "workflow.trigger-not-fired",
                "the \(type) trigger is kept; this host does not fire triggers of that type yet")
        }
        for (pointer, message) in read.unknown { reader.warn(pointer, "workflow.unknown-field", message) }
        return read.triggers
    }

    private static func readSteps(
        _ object: JSONObject, _ reader: inout DefinitionReader
    ) -> [StepDefinition] {
        let root = JSONPointer(["steps"])
        guard let elements = reader.array(object, "steps", JSONPointer()), !elements.isEmpty else {
            if object["steps"] == nil || object["steps"] == [] {
                reader.refuse(root, "a workflow needs at least one step")
            }
            return []
        }
        guard elements.count <= Limits.stepsPerWorkflow else {
            reader.refuse(root, "a workflow has at most \(Limits.stepsPerWorkflow) steps")
            return []
        }
        var steps: [StepDefinition] = []
        for (index, element) in elements.enumerated() {
            if reader.isFull { break }
            let defaultOrder = steps.last.map { $0.order + 1 } ?? 0
            if let step = StepDefinition.read(element, root.appending(index), defaultOrder, &reader) {
                steps.append(step)
            }
        }
        nameApart(&steps, &reader)
        return steps
    }

    /// Gives steps without an id one that no other has, and refuses names and ids that occur twice.
    private static func nameApart(_ steps: inout [StepDefinition], _ reader: inout DefinitionReader) {
        var names: Set<String> = []
        var ids = Set(steps.map(\.id).filter { !$0.isEmpty })
        var givenIDs: Set<String> = []
        // Where to go on for a slug that many names share.
        var nextNumbers: [String: Int] = [:]
        for index in steps.indices {
            let step = steps[index]
            if !names.insert(step.name).inserted {
                reader.refuse(
                    step.pointer.appending("name"), "the name \"\(step.name)\" occurs twice",
                    .workflowDuplicateStep)
            }
            if !step.id.isEmpty {
                if !givenIDs.insert(step.id).inserted {
                    reader.refuse(
                        step.pointer.appending("id"), "the id \"\(step.id)\" occurs twice",
                        .workflowDuplicateStep)
                }
                continue
            }
            let slug = StepSlug.of(step.name)
            let base = slug.isEmpty ? "step-\(index + 1)" : slug
            var id = base
            var number = nextNumbers[base] ?? 2
            while !ids.insert(id).inserted {
                id = "\(base)-\(number)"
                number += 1
            }
            nextNumbers[base] = number
            steps[index].id = id
        }
    }
}
