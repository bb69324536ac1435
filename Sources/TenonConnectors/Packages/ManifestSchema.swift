internal import TenonJSON
internal import TenonSchema

/// The shape of `connector.json` as a JSON Schema. What a schema cannot say stands in `ManifestParser`.
enum ManifestSchema {
    /// The schema above is part of the program: a mistake in it fails every test that parses a manifest.
    static let compiled = try? JSONSchema(schema)

    static let schema: JSON = [
        "type": "object", "additionalProperties": false,
        "required": [
            "name", "version", "type", "runtime", "abi", "libraries", "configSchema", "capabilities",
        ],
        "properties": [
            "$schema": ["type": "string"],
            "name": ["type": "string", "minLength": 1, "maxLength": 64],
            "version": ["type": "string"],
            "title": ["type": "string", "maxLength": 128],
            "description": ["type": "string", "maxLength": 2000],
            "type": ["enum": ["source", "target", "bidirectional", "action"]],
            "runtime": ["type": "string"],
            "abi": ["type": "string"],
            "libraries": ["type": "object", "minProperties": 1, "additionalProperties": ["type": "string"]],
            "configSchema": ["type": ["object", "boolean"]],
            "actions": ["type": "array", "maxItems": 1000, "items": ["$ref": "#/$defs/action"]],
            "streams": [
                "type": "array", "maxItems": 10_000,
                "items": [
                    "type": "object", "required": ["name"], "properties": ["name": ["type": "string"]],
                ],
            ],
            "commit": ["enum": ["exactlyOnce", "atLeastOnce"]],
            "accepts": ["type": "array", "uniqueItems": true, "items": ["type": "string"]],
            "concurrency": ["type": "integer", "minimum": 1, "maximum": 64],
            "isolation": ["enum": ["cell", "host"]],
            "examples": ["type": ["array", "object"]],
            "license": ["type": "string"],
            "homepage": ["type": "string"],
            "icon": ["type": "string"],
            "capabilities": [
                "type": "array", "minItems": 1, "maxItems": 64, "uniqueItems": true,
                "items": ["type": "string", "minLength": 1, "maxLength": 128],
            ],
        ],
        "$defs": [
            "action": [
                "type": "object", "additionalProperties": false, "required": ["name", "effect"],
                "properties": [
                    "name": ["type": "string", "minLength": 1, "maxLength": 128],
                    "title": ["type": "string"],
                    "description": ["type": "string"],
                    "input": ["type": ["object", "boolean"]],
                    "output": ["type": ["object", "boolean"]],
                    "effect": ["oneOf": [["$ref": "#/$defs/effect"], ["$ref": "#/$defs/effectByField"]]],
                    "examples": ["type": "array"],
                ],
            ],
            "effect": ["enum": ["read", "idempotent", "write"]],
            "effectByField": [
                "type": "object", "additionalProperties": false, "required": ["by", "map", "default"],
                "properties": [
                    "by": ["type": "string"],
                    "map": ["type": "object", "additionalProperties": ["$ref": "#/$defs/effect"]],
                    "default": ["$ref": "#/$defs/effect"],
                ],
            ],
        ],
    ]
}
