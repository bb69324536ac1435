internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import Testing

@Suite struct JSONSchemaTests {
    private static let connection: JSON = [
        "type": "object", "additionalProperties": false, "required": ["host"],
        "properties": [
            "host": ["type": "string", "minLength": 1],
            "port": ["type": "integer", "minimum": 1, "maximum": 65_535, "default": 5432],
            "mode": ["enum": ["fast", "safe"]],
            "password": ["type": "string", "secret": true, "minLength": 12],
            "pool": [
                "type": "object", "default": [:],
                "properties": ["size": ["type": "integer", "default": 4]],
            ],
        ],
    ]

    private func problems(_ schema: JSON, _ value: JSON) throws -> [String] {
        try JSONSchema(schema).problems(in: value).map { "\($0.pointer): \($0.message)" }
    }

    private func mistakes(_ schema: JSON) -> [String] {
        do {
            _ = try JSONSchema(schema, at: JSONPointer(["configSchema"]))
            return []
        } catch {
            return error.fields.map { "\($0.pointer): \($0.message)" }
        }
    }

    @Test func `every problem is found, each with its pointer and a sentence`() throws {
        let value: JSON = ["port": 70_000, "mode": "slow", "pool": ["size": "many"]]
        #expect(
            try problems(Self.connection, value) == [
                "/host: is required", "/port: must be at most 65535",
                "/mode: must be one of \"fast\", \"safe\"",
                "/pool/size: must be an integer, but is a string",
            ])
    }

    @Test func `an unknown property is named with the one that was meant`() throws {
        let found = try problems(Self.connection, ["host": "a", "prot": 1])
        #expect(found == ["/prot: is not a known property; did you mean \"port\"?"])
    }

    @Test func `a message never repeats the value, which may be a secret`() throws {
        let found = try problems(Self.connection, ["host": "a", "password": "hunter2"])
        #expect(found == ["/password: must have at least 12 characters, but has 7"])
    }

    @Test func `defaults fill in what is absent, also inside of defaults`() throws {
        let filled = try JSONSchema(Self.connection).fillingDefaults(in: ["host": "a"])
        #expect(filled == ["host": "a", "port": 5432, "pool": ["size": 4]])
    }

    @Test func `a value that is there is not replaced by a default`() throws {
        let filled = try JSONSchema(Self.connection).fillingDefaults(in: ["port": 1, "pool": ["size": 9]])
        #expect(filled == ["port": 1, "pool": ["size": 9]])
    }

    @Test func `the alternative that matches gives its defaults`() throws {
        let schema: JSON = [
            "oneOf": [
                ["required": ["token"], "properties": ["token": true, "scheme": ["default": "bearer"]]],
                ["required": ["user"], "properties": ["user": true, "scheme": ["default": "basic"]]],
            ]
        ]
        #expect(
            try JSONSchema(schema).fillingDefaults(in: ["user": "u"]) == ["user": "u", "scheme": "basic"])
    }

    @Test func `secrets are masked wherever they stand`() throws {
        let schema: JSON = [
            "properties": [
                "auth": ["oneOf": [["properties": ["token": ["$ref": "#/$defs/secret"]]], ["type": "null"]]],
                "keys": ["items": ["properties": ["key": ["secret": true]]]],
                "headers": ["additionalProperties": ["secret": true]],
            ],
            "$defs": ["secret": ["type": "string", "secret": true]],
        ]
        let value: JSON = [
            "auth": ["token": "a"], "keys": [["key": "b", "id": 1]], "headers": ["x": "c"], "open": "d",
        ]
        #expect(
            try JSONSchema(schema).masked(value) == [
                "auth": ["token": "********"], "keys": [["key": "********", "id": 1]],
                "headers": ["x": "********"], "open": "d",
            ])
    }

    @Test func `without a schema every value is masked`() {
        let value: JSON = ["host": "a", "nested": ["port": 1], "list": [true]]
        #expect(
            value.fullyMasked == ["host": "********", "nested": ["port": "********"], "list": ["********"]])
    }

    @Test func `a keyword that is unknown is refused where it stands, with the one that was meant`() {
        let schema: JSON = [
            "properties": ["a": ["contains": 1], "b": ["minLenght": 1]], "definitions": [:], "x-order": 1,
        ]
        #expect(
            mistakes(schema) == [
                "/configSchema/properties/a/contains: must be a schema: an object, true or false",
                "/configSchema/properties/b/minLenght: is not a JSON Schema keyword; "
                    + "did you mean \"minLength\"?",
                "/configSchema/definitions: is not a JSON Schema keyword; did you mean \"$defs\"?",
            ])
    }

    @Test(
        arguments: [
            ["type": "text"], ["type": []], ["enum": "a"], ["minimum": "1"], ["multipleOf": 0],
            ["minLength": -1],
            ["required": [1]], ["properties": []], ["allOf": []], ["items": 1], ["$ref": "http://x/y"],
            ["$ref": "#/$defs/none"], ["$schema": "http://json-schema.org/draft-07/schema#"],
            ["secret": "yes"],
        ] as [JSON]) func `a keyword with a wrong value is refused`(schema: JSON)
    {
        #expect(mistakes(schema).count == 1)
    }

    @Test func `a reference that comes back to itself at the same value is refused`() {
        let schema: JSON = [
            "$ref": "#/$defs/a",
            "$defs": ["a": ["allOf": [["$ref": "#/$defs/b"]]], "b": ["$ref": "#/$defs/a"]],
        ]
        #expect(
            mistakes(schema) == [
                "/configSchema: refers to itself without going deeper into the value ($ref cycle)"
            ])
    }

    @Test func `a schema of trees refers to itself and works`() throws {
        let schema: JSON = [
            "type": "object", "properties": ["next": ["$ref": "#"], "name": ["type": "string"]],
            "additionalProperties": false,
        ]
        #expect(try problems(schema, ["next": ["next": ["name": "a"]]]) == [])
        #expect(
            try problems(schema, ["next": ["next": ["name": 1]]]) == [
                "/next/next/name: must be a string, but is an integer"
            ])
    }

    @Test func `alternatives that multiply end with an error instead of running on`() throws {
        var definitions = JSONObject()
        for level in 0..<40 {
            let next: JSON = ["$ref": .string("#/$defs/level\(level + 1)")]
            definitions["level\(level)"] = ["allOf": [next, next]]
        }
        definitions["level40"] = ["type": "string"]
        let schema: JSON = ["$ref": "#/$defs/level0", "$defs": .object(definitions)]
        #expect(
            try JSONSchema(schema).problems(in: "a").first?.message == "costs too much to check by its schema"
        )
        #expect(try JSONSchema(schema).masked("a") == "a")
        #expect(try JSONSchema(schema).fillingDefaults(in: "a") == "a")
    }

    @Test(
        arguments: [
            ("^/", ["/a", "/"], ["a", ""]),
            ("^[Hh][Tt][Tt][Pp][Ss]?://", ["https://a", "HTTP://b"], ["ftp://a", " http://a"]),
            ("a|b+c", ["xa", "bbc"], ["b", ""]), ("^(ab){2,3}$", ["abab", "ababab"], ["ab", "abababab"]),
            ("^[^0-9a-f-]*$", ["xyz", ""], ["x-y", "0"]), ("^\\d{3}\\.\\w+$", ["123.a_"], ["12.a", "123.-"]),
            ("^.$", ["ä", "😀"], ["", "ab", "\n"]), ("", ["", "x"], []),
            ("(?:a?){20}a{20}$", ["aaaaaaaaaaaaaaaaaaaa"], ["b"]),
        ] as [(String, [String], [String])])
    func `a pattern matches what it should`(pattern: String, matching: [String], others: [String]) throws {
        let schema = try JSONSchema(["pattern": .string(pattern)])
        for text in matching { #expect(schema.problems(in: .string(text)).isEmpty, "\(text)") }
        for text in others {
            #expect(schema.problems(in: .string(text)).map(\.message) == ["must match \(pattern)"], "\(text)")
        }
    }

    @Test func `a pattern that hangs other engines is linear here`() throws {
        let schema = try JSONSchema(["pattern": "^(a+)+$"])
        #expect(schema.problems(in: .string(String(repeating: "a", count: 20_000) + "b")).count == 1)
    }

    @Test(
        arguments: [
            "(", ")", "[a", "a**", "\\1", "(?=a)", "a{2,1}", "a{9999}", "(a{1000}){1000}", "[b-a]", "*", "\\",
        ]) func `a pattern that is broken or not regular is refused`(pattern: String)
    {
        #expect(mistakes(["pattern": .string(pattern)]).count == 1)
    }

    @Test func `numbers compare by their exact value`() throws {
        #expect(try problems(["const": 1], 1.0) == [])
        #expect(try problems(["maximum": 9_007_199_254_740_992], 9_007_199_254_740_993).count == 1)
        #expect(try problems(["multipleOf": 0.01], 4.02) == [])
        #expect(try problems(["multipleOf": 0.01], 4.025).count == 1)
    }

    @Test func `a multiple is told exactly among numbers of many digits`() throws {
        let schema = try JSONParser.parse(#"{"multipleOf": 0.0000000000000000003}"#)
        #expect(try problems(schema, JSONParser.parse("12345678901234567890.0000000000000000003")) == [])
        #expect(try problems(schema, JSONParser.parse("12345678901234567890.0000000000000000004")).count == 1)
    }
}
