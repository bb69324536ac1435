internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import Testing

@Suite struct ActionDescriptionTests {
    /// A manifest with one action of these schemas.
    private func manifest(input: JSON?, output: JSON?) throws(TenonError) -> Manifest {
        var action: JSONObject = ["name": "send", "effect": "write"]
        action["input"] = input
        action["output"] = output
        let document: JSON = [
            "name": "mail", "version": "1.0.0", "type": "action", "runtime": "tenon", "abi": "1.0",
            "libraries": [
                "linux-x86_64": "lib/linux-x86_64/m.so", "linux-aarch64": "lib/linux-aarch64/m.so",
            ],
            "configSchema": true, "capabilities": ["tenon.instance/1", "tenon.action/1"],
            "actions": [.object(action)],
        ]
        return try Manifest.parse(JSONWriter.bytes(document))
    }

    private static let input: JSON = [
        "type": "object", "required": ["to"],
        "properties": [
            "to": ["type": "string", "format": "email"], "copies": ["type": "integer", "maximum": 3],
        ],
        "additionalProperties": false,
    ]

    @Test func `an input that the schema does not allow is refused with its places and without its values`()
        throws
    {
        let action = try #require(try manifest(input: Self.input, output: nil).action("send"))
        try action.check(input: ["to": "a@example.com", "copies": 2])
        let error = failure { try action.check(input: ["to": "hunter2", "copies": 5, "cpoies": 1]) }
        #expect(error?.code == .actionInputInvalid)
        #expect(error?.fields.map(\.pointer) == ["/input/to", "/input/copies", "/input/cpoies"])
        #expect(error?.message.contains("hunter2") == false)
        #expect(error?.message.contains("/input/to must be an e-mail address") == true)
        #expect(error?.message.contains("did you mean \"copies\"?") == true)
    }

    @Test func `an answer that the connector's own schema does not allow is its error`() throws {
        let output: JSON = ["type": "object", "required": ["id"]]
        let action = try #require(try manifest(input: nil, output: output).action("send"))
        try action.check(output: ["id": 1])
        try action.check(input: "anything, since no schema says otherwise")
        let error = failure { try action.check(output: []) }
        #expect(error?.code == .actionOutputInvalid)
        #expect(error?.fields.map(\.pointer) == ["/output"])
    }

    @Test func `many problems make a short message`() throws {
        let action = try #require(
            try manifest(input: ["items": ["type": "string"]], output: nil).action("send"))
        let error = failure { try action.check(input: .array((0..<500).map { .int($0) })) }
        #expect(error?.fields.count == 100)
        #expect(error?.message.contains("and 97 more") == true)
    }

    @Test func `a schema with a mistake is a mistake of the manifest`() {
        let wrong: [(input: JSON?, output: JSON?)] = [
            (["type": "text"], nil), (nil, ["$ref": "https://example.com/x"]),
        ]
        for (input, output) in wrong {
            let error = failure { _ = try manifest(input: input, output: output) }
            #expect(error?.code == .manifestInvalid)
            #expect(error?.fields.first?.pointer.hasPrefix("/actions/0/") == true)
        }
    }
}
