package import TenonJSON

/// The API's description in OpenAPI 3.1, written from the table of endpoints.
package enum OpenAPI {
    package static func document(version: String) -> JSON {
        var paths = JSONObject()
        for endpoint in Endpoint.all {
            let path = endpoint.captures.reduce(endpoint.path) { $0.replacing(":\($1)", with: "{\($1)}") }
            var operations = paths[path]?.object ?? JSONObject()
            operations[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": "Tenon", "version": .string(version)],
            "security": [["token": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(schemas),
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint) -> JSON {
        var operation: JSONObject = [
            "operationId": .string(endpoint.operation), "summary": .string(endpoint.summary),
        ]
        let parameters = self.parameters(of: endpoint)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = requestBody(endpoint.body) { operation["requestBody"] = body }
        operation["responses"] = responses(of: endpoint)
        if endpoint.isOpen { operation["security"] = [] }
        return .object(operation)
    }

    private static func parameters(of endpoint: Endpoint) -> [JSON] {
        var parameters: [JSON] = endpoint.captures.map { name in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        parameters += endpoint.query.map { parameter in
            var schema: JSONObject = ["type": .string(parameter.kind.rawValue)]
            if !parameter.words.isEmpty { schema["enum"] = .array(parameter.words.map { .string($0) }) }
            return [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "schema": .object(schema),
            ]
        }
        if endpoint.method == .post {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "schema": ["type": "string"],
                "description": "The same key and body get the same answer; another body is refused.",
            ])
        }
        return parameters
    }

    private static func requestBody(_ body: Endpoint.RequestBody) -> JSON? {
        switch body {
        case .none: nil
        case .json(let schema), .optionalJSON(let schema):
            [
                "required": .bool(body == .json(schema)),
                "content": ["application/json": ["schema": reference(schema.name)]],
            ]
        case .file(let mediaType):
            [
                "required": true,
                "content": .object([mediaType: ["schema": ["type": "string", "format": "binary"]]]),
            ]
        }
    }

    private static func responses(of endpoint: Endpoint) -> JSON {
        var success: JSONObject = ["description": "Success."]
        if let schema = schema(of: endpoint.answer) {
            success["content"] = ["application/json": ["schema": schema]]
        }
        if endpoint.answer == .events { success["content"] = eventStream }
        var responses: JSONObject = [String(endpoint.answer.status): .object(success)]
        if endpoint.mayStillRun {
            success["description"] = "It still runs."
            responses["202"] = .object(success)
        }
        responses["default"] = [
            "description": "A problem document.",
            "content": .object([Problem.mediaType: ["schema": reference("Problem")]]),
        ]
        return .object(responses)
    }

    private static func schema(of answer: Endpoint.AnswerShape) -> JSON? {
        switch answer {
        case .object(let name, _):
            [
                "type": "object", "required": [.string(name)],
                "properties": .object([name: resource(name)]),
            ]
        case .list(let name):
            [
                "type": "object", "required": [.string(name)],
                "properties": .object([
                    name: ["type": "array", "items": resource(singular(name))],
                    "nextCursor": ["type": "string"],
                ]),
            ]
        case .document: ["type": "object"]
        case .none, .text, .events: nil
        }
    }

    /// The resource's name in a list of them: `triggers` has triggers, the `ledger` rows of its own.
    private static func singular(_ list: String) -> String {
        list.hasSuffix("s") ? String(list.dropLast()) : list
    }

    /// A resource by its name in answers; any object where its fields are those of its request.
    private static func resource(_ name: String) -> JSON {
        BodySchema.answers[name].map { reference($0.name) } ?? ["type": "object"]
    }

    private static let eventStream: JSON = [
        "text/event-stream": [
            "schema": [
                "type": "string",
                "description":
                    "`event: progress` with an ExecutionProgress, `event: finished` with the execution, in `data`.",
            ]
        ]
    ]

    private static var schemas: JSONObject {
        var schemas: JSONObject = ["Problem": problemSchema]
        for endpoint in Endpoint.all {
            switch endpoint.body {
            case .json(let schema), .optionalJSON(let schema): schemas[schema.name] = json(of: schema)
            case .none, .file: break
            }
        }
        for schema in Array(BodySchema.answers.values) + BodySchema.parts {
            schemas[schema.name] = json(of: schema)
        }
        return schemas
    }

    private static func json(of schema: BodySchema) -> JSON {
        let properties = schema.fields.map { field in
            (key: field.name, value: json(of: field))
        }
        return [
            "type": "object",
            "required": .array(schema.fields.filter(\.isRequired).map { .string($0.name) }),
            "properties": .object(JSONObject(properties)),
        ]
    }

    private static func json(of field: BodySchema.Field) -> JSON {
        let type = JSON.string(field.type)
        var object: JSONObject = ["description": .string(field.summary)]
        if !field.type.isEmpty { object["type"] = field.isNullable ? [type, "null"] : type }
        if let items = field.items { object["items"] = reference(items) }
        return .object(object)
    }

    private static let problemSchema: JSON = [
        "type": "object", "required": ["type", "title", "status", "detail", "code"],
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "code": ["type": "string"],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": [
                        "pointer": ["type": "string"], "detail": ["type": "string"],
                        "code": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]

    private static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(name)")]
    }
}
