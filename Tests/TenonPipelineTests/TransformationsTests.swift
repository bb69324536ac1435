import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct TransformationsTests {
    private func apply(_ transformation: String, to input: JSON) throws -> JSON {
        try Transformations.apply(JSONParser.parse(transformation), to: input)
    }

    @Test func `the specification's map turns an object into an object and a list into a list`() throws {
        let map =
            "{\"type\":\"map\",\"mapping\":{\"designId\":\"id\",\"designName\":\"name\",\"parameters\":\"specs\"}}"
        let design: JSON = ["id": 7, "name": "Gear", "specs": ["teeth": 12], "secret": true]
        let expected: JSON = ["designId": 7, "designName": "Gear", "parameters": ["teeth": 12]]
        #expect(try apply(map, to: design) == expected)
        #expect(
            try apply(map, to: [design, ["id": 8]]) == [
                expected, ["designId": 8, "designName": nil, "parameters": nil],
            ])
        #expect(try apply(map, to: []) == [])
    }

    @Test func `paths, templates and constants are sources`() throws {
        let map =
            "{\"type\":\"map\",\"mapping\":{\"w\":\"a.b[1]\",\"c\":\"{{cost * 1.5}}\",\"n\":3,\"t\":\"#{{id}}\"}}"
        #expect(
            try apply(map, to: ["a": ["b": [1, "x"]], "cost": 2, "id": 9]) == [
                "w": "x", "c": 3.0, "n": 3, "t": "#9",
            ])
    }

    @Test func `a filter over an object gives it or null`() throws {
        let filter = "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\">\",\"value\":1}}"
        #expect(try apply(filter, to: ["a": 2]) == ["a": 2])
        #expect(try apply(filter, to: ["a": 1]) == nil)
        #expect(try apply(filter, to: [["a": 2], ["b": 2], ["a": "2"]]) == [["a": 2]])
    }

    @Test func `an aggregate gives one object, or a list by groups`() throws {
        let records: JSON = [["g": "a", "x": ["y": 1]], ["g": "b", "x": ["y": 2]], ["g": "a"]]
        let sum = "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\",\"field\":\"x.y\"}}"
        #expect(try apply(sum, to: records) == ["x.y": 3])
        #expect(try apply(sum, to: []) == ["x.y": nil])
        #expect(try apply(sum, to: [["z": 1]]) == ["x.y": nil])
        let grouped =
            "{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"count\",\"field\":\"x.y\",\"groupBy\":\"g\"}}"
        #expect(
            try apply(grouped, to: records) == [["g": "a", "count_x.y": 1], ["g": "b", "count_x.y": 1]])
    }

    @Test func `several transformations run in turn`() throws {
        let list = """
            [{"type":"filter","condition":{"field":"a","operator":">","value":1}},{"type":"map","mapping":{"b":"a"}}]
            """
        #expect(try apply(list, to: [["a": 1], ["a": 2]]) == [["b": 2]])
    }

    @Test func `an input that is no record is an error`() {
        for input: JSON in ["text", 1, [1], nil] {
            let error = #expect(throws: TenonError.self) {
                _ = try apply("{\"type\":\"map\",\"mapping\":{\"b\":\"a\"}}", to: input)
            }
            #expect(error?.code == .pipelineRecord)
        }
    }

    @Test func `mistakes are found without an input`() throws {
        let pointer = JSONPointer(["steps", "2", "parameters", "transformation"])
        let broken = try JSONParser.parse("{\"type\":\"map\"}")
        #expect(
            Transformations.validate(broken, at: pointer).mistakes.map(\.pointer) == [
                "/steps/2/parameters/transformation/mapping"
            ])
        let sort = try JSONParser.parse("[{\"type\":\"sort\"}]")
        #expect(Transformations.validate(sort, at: pointer).mistakes.map(\.code) == [.pipelineUnsupported])
        let fine = try JSONParser.parse("{\"type\":\"map\",\"mapping\":{\"a\":\"b\"}}")
        #expect(Transformations.validate(fine, at: pointer).mistakes.isEmpty)
    }

    @Test(arguments: [
        ("1 + 2 * 3", true), ("size(x)", true), ("price * 1.19", true), ("a.name.upper()", true),
        ("paid ? 'yes' : 'no'", true), ("count(*)", false), ("Price (EUR)", false), ("Total - USD", false),
        ("km / h", false), ("a.b[0]", false), ("Sum + ", false), ("(old)", false),
    ])
    func `a path that looks like an expression is warned of`(path: String, isWarned: Bool) throws {
        let mapping: JSON = ["type": "map", "mapping": ["n": .string(path)]]
        let found = Transformations.validate(mapping, at: JSONPointer(["t"]))
        #expect(found.mistakes.isEmpty)
        #expect(found.warnings.map(\.pointer) == (isWarned ? ["/t/mapping/n"] : []))
        #expect(found.warnings.allSatisfy { $0.message.contains("{{ \(path) }}") })
    }

    @Test(arguments: [
        "{\"type\":\"map\",\"mapping\":{\"a\":\"{{secret.key}}\"}}",
        "{\"type\":\"filter\",\"expression\":\"secret.key == 'a'\"}",
    ])
    func `secrets are refused in records, with a sentence that says so`(text: String) throws {
        let mistakes = Transformations.validate(try JSONParser.parse(text), at: JSONPointer(["t"])).mistakes
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.message.contains("secret") == true)
        #expect(mistakes.first?.pointer.hasPrefix("/t/") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a long text that almost matches everywhere is searched in linear time`() throws {
        let text = String(repeating: "a", count: 100_000)
        let filter: JSON = [
            "type": "filter",
            "condition": [
                "field": "t", "operator": "contains", "value": .string(text.dropLast(50_000) + "b"),
            ],
        ]
        #expect(
            try Transformations.apply(filter, to: [["t": .string(text)], ["t": .string(text + "b")]]).array?
                .count == 1)
    }
}
