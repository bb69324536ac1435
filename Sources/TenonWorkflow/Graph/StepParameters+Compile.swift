internal import TenonExpression
internal import TenonJSON
internal import TenonModel

extension StepParameters {
    /// What stands for parameters that could not be read; the definition is refused anyway.
    private static let unreadable = StepParameters.transform(
        TransformParameters(input: nil, transformation: .null))

    static func compile(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> StepParameters {
        if reader.isFull { return unreadable }
        return switch step.type {
        case .apiCall: call(step, compiler, &reader) ?? unreadable
        case .dataTransform: transform(step, compiler, &reader) ?? unreadable
        case .condition:
            ConditionParameters.compile(step, compiler, &reader).map { .condition($0) } ?? unreadable
        }
    }

    // MARK: api-call

    private static func call(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> StepParameters? {
        let pointer = step.pointer.appending("parameters")
        let fields = step.parameters
        reader.checkKeys(
            fields,
            known: [
                "integrationId", "method", "endpoint", "query", "headers", "data", "successStatus", "action",
                "input",
            ], pointer)
        guard let integration = reader.string(fields, "integrationId", pointer) else {
            if fields["integrationId"] == nil || fields["integrationId"] == .null {
                reader.refuse(pointer.appending("integrationId"), "is missing")
            }
            return nil
        }
        if let problem = UserGivenText.problem(with: integration) {
            reader.refuse(pointer.appending("integrationId"), problem)
        }
        let action = reader.string(fields, "action", pointer) ?? "request"
        if action.isEmpty { reader.refuse(pointer.appending("action"), "must not be empty") }
        let input: CallInput?
        if fields["input"] != nil || action != "request" {
            input = compiler.connectorInput(fields["input"] ?? [:], at: pointer.appending("input"), &reader)
                .map { .whole($0) }
        } else {
            input = RequestParameters.compile(fields, pointer, compiler, &reader).map { .request($0) }
        }
        guard let input else { return nil }
        return .call(CallParameters(integrationID: IntegrationID(integration), action: action, input: input))
    }

    // MARK: data-transform

    private static func transform(
        _ step: StepDefinition, _ compiler: GraphCompiler, _ reader: inout DefinitionReader
    ) -> StepParameters? {
        let pointer = step.pointer.appending("parameters")
        let fields = step.parameters
        reader.checkKeys(fields, known: ["transformation", "transformations", "input"], pointer)
        guard let transformation = fields["transformation"] ?? fields["transformations"] else {
            reader.refuse(
                pointer.appending("transformation"),
                "is missing; give one such as {\"type\": \"map\", \"mapping\": {\"to\": \"from\"}}")
            return nil
        }
        guard transformation.object != nil || transformation.array != nil else {
            reader.refuse(
                pointer.appending("transformation"),
                "must be an object or a list, not \(transformation.typeName)")
            return nil
        }
        var parameters = TransformParameters(input: nil, transformation: transformation)
        parameters.references = TransformationReferences.of(transformation, compiler.names.aroundRecords)
        switch fields["input"] {
        case nil, .null?: break
        case .string(let text)? where !text.contains("{{"):
            guard let expression = compiler.expression(text, at: pointer.appending("input"), &reader) else {
                return nil
            }
            parameters.input = Template.of(expression)
        case let input?: parameters.input = compiler.template(input, at: pointer.appending("input"), &reader)
        }
        return .transform(parameters)
    }
}

extension RequestParameters {
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    static func compile(
        _ fields: JSONObject, _ pointer: JSONPointer, _ compiler: GraphCompiler,
        _ reader: inout DefinitionReader
    ) -> RequestParameters? {
        let method = (reader.string(fields, "method", pointer) ?? "GET").uppercased()
        if !methods.contains(method) {
            reader.refuse(
                pointer.appending("method"),
                "must be one of \(methods.joined(separator: ", ")), not \"\(method)\"")
        }
        let endpoint = compiler.connectorInput(
            .string(reader.string(fields, "endpoint", pointer) ?? "/"), at: pointer.appending("endpoint"),
            &reader)
        for key in ["query", "headers"] {
            guard let value = fields[key], !value.isNull, value.object == nil else { continue }
            reader.refuse(pointer.appending(key), "must be an object, not \(value.typeName)")
        }
        func optional(_ key: String) -> Template? {
            guard let value = fields[key], !value.isNull else { return nil }
            return compiler.connectorInput(value, at: pointer.appending(key), &reader)
        }
        let query = optional("query")
        let headers = optional("headers")
        let data = fields["data"].flatMap {
            compiler.connectorInput($0, at: pointer.appending("data"), &reader)
        }
        guard let endpoint else { return nil }
        return RequestParameters(
            method: method, endpoint: endpoint, query: query, headers: headers, data: data,
            successStatus: readSuccessStatus(fields, pointer, &reader))
    }

    private static func readSuccessStatus(
        _ fields: JSONObject, _ pointer: JSONPointer, _ reader: inout DefinitionReader
    ) -> JSON? {
        guard let value = fields["successStatus"], !value.isNull else { return nil }
        let numbers = value.array ?? [value]
        let isValid =
            !numbers.isEmpty && numbers.allSatisfy { $0.int.map { (100...599).contains($0) } ?? false }
        if !isValid {
            reader.refuse(
                pointer.appending("successStatus"),
                "must be a status such as 201 or a list of them, not \(value.text)")
        }
        return .array(numbers)
    }

    var hasIdempotencyKey: Bool {
        guard let headers, let names = headers.literalKeys else { return false }
        return names.contains { $0.lowercased() == "idempotency-key" }
    }
}
