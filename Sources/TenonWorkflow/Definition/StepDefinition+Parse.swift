internal import TenonJSON
internal import TenonModel

extension StepDefinition {
    private static let knownFields = [
        "name", "id", "type", "order", "parameters", "dependencies", "runIf", "retry", "timeout",
        "continueOnError",
        "outputAs", "enabled", "onInDoubt", "description", "inferredDependencies", "secrets",
    ]
    private static let plannedFields = ["catch", "compensate"]
    private static let reservedNames = [
        "context", "steps", "item", "index", "trigger", "execution", "workflow", "secret", "true", "false",
        "null",
        "in", "and", "or", "not",
    ]

    /// One element of `steps`, or nil where its type or name cannot be read.
    static func read(
        _ json: JSON, _ pointer: JSONPointer, _ defaultOrder: Int64, _ reader: inout DefinitionReader
    ) -> StepDefinition? {
        guard let object = json.object else {
            reader.refuse(pointer, "must be an object, not \(json.typeName)")
            return nil
        }
        reader.checkKeys(object, known: knownFields + plannedFields, pointer)
        for field in plannedFields {
            guard let value = object[field], !value.isNull, value != [] else { continue }
            reader.refuse(
                pointer.appending(field), "\"\(field)\" is not supported yet; leave it out",
                .workflowUnsupportedField)
        }
        let name = readName(object, pointer, &reader)
        let type = readType(object, pointer, &reader)
        guard let name, let type else { return nil }
        return StepDefinition(
            name: name, id: readID(object, pointer, &reader), type: type,
            order: reader.integer(object, "order", in: -1_000_000_000...1_000_000_000, pointer)
                ?? defaultOrder,
            parameters: readParameters(object, pointer, &reader),
            dependencies: reader.strings(object, "dependencies", pointer),
            runIf: reader.string(object, "runIf", pointer),
            retry: RetryPolicy.read(object, pointer, &reader),
            timeout: reader.duration(object, "timeout", isPositive: true, pointer),
            continuesOnError: reader.bool(object, "continueOnError", pointer) ?? false,
            outputName: readOutputName(object, pointer, &reader),
            isEnabled: reader.bool(object, "enabled", pointer) ?? true,
            onInDoubt: reader.choice(object, "onInDoubt", pointer), pointer: pointer)
    }

    private static func readName(
        _ object: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> String? {
        guard let name = reader.string(object, "name", pointer) else {
            if object["name"] == nil || object["name"] == .null {
                reader.refuse(pointer.appending("name"), "is missing")
            }
            return nil
        }
        if let problem = UserGivenText.problem(with: name) {
            reader.refuse(pointer.appending("name"), problem)
            return nil
        }
        return name
    }

    private static func readID(
        _ object: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> String {
        guard let id = reader.string(object, "id", pointer) else { return "" }
        if let problem = UserGivenText.problem(with: id) { reader.refuse(pointer.appending("id"), problem) }
        return id
    }

    private static func readType(
        _ object: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> StepType? {
        guard let name = reader.string(object, "type", pointer) else {
            if object["type"] == nil || object["type"] == .null {
                reader.refuse(pointer.appending("type"), "is missing")
            }
            return nil
        }
        if let type = StepType(rawValue: name) { return type }
        let runnable = StepType.allCases.map(\.rawValue)
        if StepType.plannedNames.contains(name) {
            reader.refuse(
                pointer.appending("type"),
                "steps of type \"\(name)\" are not supported yet; \(runnable.joined(separator: ", ")) are",
                .workflowUnsupportedStep)
        } else {
            reader.refuse(
                pointer.appending("type"),
                "there is no step type \"\(name)\"."
                    + NearestName.suggestion(for: name, among: runnable + StepType.plannedNames)
                    + " Use one of \(runnable.joined(separator: ", ")).", .workflowUnknownStepType)
        }
        return nil
    }

    private static func readParameters(
        _ object: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> JSONObject {
        guard let value = object["parameters"], !value.isNull else { return JSONObject() }
        if let parameters = value.object { return parameters }
        reader.refuse(pointer.appending("parameters"), "must be an object, not \(value.typeName)")
        return JSONObject()
    }

    private static func readOutputName(
        _ object: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> String? {
        guard let name = reader.string(object, "outputAs", pointer) else { return nil }
        let isName =
            name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F
            }
        if !isName || reservedNames.contains(name) {
            reader.refuse(
                pointer.appending("outputAs"),
                "must be a name of letters, digits and _ that the language does not use itself, not "
                    + "\"\(name)\""
            )
            return nil
        }
        return name
    }
}

extension RetryPolicy {
    private static let knownFields = [
        "maxAttempts", "initialDelay", "factor", "maxDelay", "maxElapsed", "jitter", "on", "attemptTimeout",
    ]

    static func read(
        _ step: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> RetryPolicy {
        var policy = RetryPolicy()
        guard let value = step["retry"], !value.isNull else { return policy }
        let pointer = pointer.appending("retry")
        guard let object = value.object else {
            reader.refuse(pointer, "must be an object such as {\"maxAttempts\": 3}, not \(value.typeName)")
            return policy
        }
        reader.checkKeys(object, known: knownFields, pointer)
        if let count = reader.integer(object, "maxAttempts", in: 1...Int64(Limits.attemptsPerStep), pointer) {
            policy.maxAttempts = Int(count)
        }
        if let delay = reader.duration(object, "initialDelay", isPositive: false, pointer) {
            policy.initialDelay = delay
        }
        if let factor = reader.number(object, "factor", in: 1...100, pointer) { policy.factor = factor }
        if let delay = reader.duration(object, "maxDelay", isPositive: false, pointer) {
            policy.maxDelay = delay
        }
        policy.maxElapsed = reader.duration(object, "maxElapsed", isPositive: true, pointer)
        if let jitter = reader.number(object, "jitter", in: 0...1, pointer) { policy.jitter = jitter }
        policy.attemptTimeout = reader.duration(object, "attemptTimeout", isPositive: true, pointer)
        if object["on"] != nil {
            policy.classes = []
            for (index, name) in reader.strings(object, "on", pointer).enumerated() {
                if let errorClass = ErrorClass(name: name) {
                    policy.classes.insert(errorClass)
                } else {
                    let all = ErrorClass.allCases.map(\.name)
                    reader.refuse(
                        pointer.appending("on").appending(index),
                        "must be one of \(all.joined(separator: ", ")), not \"\(name)\"")
                }
            }
        }
        return policy
    }
}
