import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

/// What an `inputSchema` says of values that expressions use in another way.
@Suite struct ContextTypeTests {
    private static let schema: JSON = [
        "type": "object",
        "properties": [
            "id": ["type": "string"], "count": ["type": ["integer", "null"]],
            "order": [
                "type": "object",
                "properties": [
                    "price": ["type": "number"], "open": ["type": "boolean"], "x.y": ["type": "string"],
                ],
            ],
            "tags": ["type": "array", "items": ["type": "string"]], "any": ["type": ["string", "integer"]],
            "Fetch": ["type": "string"], "result": ["type": "string"],
        ],
    ]

    /// The mistakes of a workflow in which a condition decides, as `pointer: message`.
    private func mistakes(condition: String = "true", input: String = "1") -> [String] {
        let json = JSON.workflow(
            [
                .call("Fetch", ["outputAs": "result"]), .reading("Send", "{{\(input)}}"),
                .condition("Check", condition, "Last"),
                .reading("Last", "1"),
            ],
            ["inputSchema": Self.schema])
        do throws(TenonError) {
            _ = try WorkflowDefinition.parse(json)
            return []
        } catch {
            return error.fields.map { "\($0.pointer): \($0.message)" }
        }
    }

    @Test(arguments: [
        ("context.id + 1", "cannot compute string + int; make it a string with string(x)"),
        ("id < 5", "cannot compare a string with an int"), ("count.upper()", "upper() cannot take (number)"),
        ("context.order.price + 'a'", "cannot compute number + string"),
        ("order.open + 1", "cannot compute bool + int"),
        ("tags.map(t, t + 1)", "cannot compute string + int"), ("size(context.count)", "size() cannot take"),
        ("order + 1", "cannot compute map + int"),
        ("execution.startedAt < now()", "make it a timestamp with timestamp(x)"),
        ("execution.hasFailed + 1", "cannot compute bool + int"),
    ])
    func `a value that is used as another type than its schema's is a mistake`(text: String, part: String) {
        let found = mistakes(input: text)
        #expect(found.count == 1 && found[0].hasPrefix("/steps/1/parameters/input"), "\(found)")
        #expect(found.contains { $0.contains(part) }, "\(found)")
    }

    @Test(arguments: [
        "context.id + 'a'", "count + 1", "order.price * 1.2", "order['x.y'] + 1", "order.x.y + 1", "any + 1",
        "tags[0].upper()", "other + 1", "order.other + 1", "count ?? 'none'", "id == 5",
        // A step's output has such a name.
        "context.Fetch + 1", "Fetch + 1", "result + 1", "context.result + 1", "steps.Fetch.output + 1",
    ])
    func `a value that may be of the type is none`(text: String) {
        #expect(mistakes(input: text) == [])
    }

    @Test func `a condition that is never true or false is a mistake`() {
        #expect(
            mistakes(condition: "context.count").contains {
                $0.hasPrefix("/steps/2/parameters/condition: the condition gives a number, not true or false")
            })
        #expect(mistakes(condition: "{{ size(tags) }}").contains { $0.contains("gives an int") })
        #expect(mistakes(condition: "order.open") == [])
        #expect(mistakes(condition: "size(tags) > 1 && id != null") == [])
    }
}
