import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import TenonTestKit
import Testing

@Suite struct DefinitionTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let pointer: String
        let message: String
        var code = "pipeline.invalid"
        var testDescription: String { "\(pointer) \(message)" }
    }

    private static let ends = """
        {"name":"E","type":"extract"},{"name":"L","type":"load","order":9}
        """
    private static func whole(_ stages: String, _ more: String = "") -> String {
        """
        {"projectId":"p","name":"n","sourceIntegrationId":"s","targetIntegrationId":"t","stages":[\(stages)]\(more)}
        """
    }
    private static func step(_ transformation: String) -> String {
        whole(
            "\(ends),{\"name\":\"W\",\"type\":\"transform\",\"order\":5,\"transformations\":[\(transformation)]}"
        )
    }
    private static let place = "/stages/2/transformations/0"

    static let mistakes: [Mistake] = [
        .init(text: "[]", pointer: "", message: "must be an object"),
        .init(text: "{}", pointer: "/projectId", message: "is missing"),
        .init(
            text: whole(ends).replacing("\"name\":\"n\"", with: "\"name\":7"), pointer: "/name",
            message: "must be a text"),
        .init(
            text: whole(ends).replacing("\"s\"", with: "\"\""), pointer: "/sourceIntegrationId",
            message: "not empty"),
        .init(text: whole(""), pointer: "/stages", message: "at least one stage"),
        .init(text: whole("{\"name\":\"E\",\"type\":\"extract\"}"), pointer: "/stages", message: "\"load\""),
        .init(
            text: whole(ends + ",{\"name\":\"X\",\"type\":\"extract\"}"), pointer: "/stages/2/type",
            message: "another stage"),
        .init(
            text: whole("{\"name\":\"L\",\"type\":\"load\"},{\"name\":\"E\",\"type\":\"extract\"}"),
            pointer: "/stages/1/order", message: "must come first"),
        .init(
            text: whole(ends + ",{\"name\":\"E\",\"type\":\"transform\",\"order\":1}"),
            pointer: "/stages/2/name", message: "another stage"),
        .init(
            text: whole(ends + ",{\"name\":\"X\",\"type\":\"trasnform\",\"order\":1}"),
            pointer: "/stages/2/type", message: "Did you mean \"transform\"?"),
        .init(
            text: whole(ends + ",{\"name\":\"X\",\"order\":1}"), pointer: "/stages/2/type",
            message: "is missing"),
        .init(
            text: whole(ends + ",{\"name\":\"X\",\"type\":\"enrich\",\"order\":\"1\"}"),
            pointer: "/stages/2/order", message: "whole number"),
        .init(text: whole(ends + ",7"), pointer: "/stages/2", message: "must be an object"),
        .init(text: whole(ends, ",\"batchSize\":0"), pointer: "/batchSize", message: "from 1"),
        .init(text: whole(ends, ",\"durability\":\"maybe\""), pointer: "/durability", message: "strict"),
        .init(
            text: whole(ends, ",\"sync\":\"incremental\""), pointer: "/sync", message: "does not offer",
            code: "pipeline.unsupported"),
        .init(
            text: whole(ends + ",{\"name\":\"V\",\"type\":\"validate\",\"order\":1}"),
            pointer: "/stages/2/type", message: "not offered", code: "pipeline.unsupported"),
        .init(
            text: whole(
                ends + ",{\"name\":\"V\",\"type\":\"enrich\",\"order\":1,\"onError\":\"dead-letter\"}"),
            pointer: "/stages/2/onError", message: "use fail or skip", code: "pipeline.unsupported"),
        .init(text: step("{}"), pointer: place + "/type", message: "is missing"),
        .init(
            text: step("{\"type\":\"fliter\"}"), pointer: place + "/type", message: "Did you mean \"filter\"?"
        ),
        .init(
            text: step("{\"type\":\"sort\"}"), pointer: place + "/type",
            message: "has map, filter, aggregate", code: "pipeline.unsupported"),
        .init(
            text: step("{\"type\":\"map\",\"mapping\":{}}"), pointer: place + "/mapping",
            message: "at least one field"),
        .init(
            text: step("{\"type\":\"map\",\"mapping\":{\"a\":\"b..c\"}}"), pointer: place + "/mapping/a",
            message: "not a path"),
        .init(
            text: step("{\"type\":\"map\",\"mapping\":{\"a/b\":\"{{ 1 + }}\"}}"),
            pointer: place + "/mapping/a~1b", message: "`"),
        .init(text: step("{\"type\":\"filter\"}"), pointer: place + "/condition", message: "\"operator\""),
        .init(
            text: step(
                "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"equal\",\"value\":1}}"),
            pointer: place + "/condition/operator", message: "Did you mean \"equals\"?"),
        .init(
            text: step("{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"equals\"}}"),
            pointer: place + "/condition/value", message: "must be given"),
        .init(
            text: step(
                "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"between\",\"value\":[1]}}"
            ), pointer: place + "/condition/value", message: "two values"),
        .init(
            text: step(
                "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"in\",\"value\":1}}"),
            pointer: place + "/condition/value", message: "list of values"),
        .init(
            text: step(
                "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"matches\",\"value\":\"(x\"}}"
            ), pointer: place + "/condition/value", message: "no regular expression"),
        .init(
            text: step("{\"type\":\"filter\",\"condition\":{\"expression\":\"a >\"}}"),
            pointer: place + "/condition/expression", message: "`"),
        .init(
            text: step("{\"type\":\"aggregate\"}"), pointer: place + "/aggregation", message: "\"operation\""),
        .init(
            text: step("{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"summ\",\"field\":\"a\"}}"),
            pointer: place + "/aggregation/operation", message: "Did you mean \"sum\"?"),
        .init(
            text: step("{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"median\",\"field\":\"a\"}}"),
            pointer: place + "/aggregation/operation", message: "has sum", code: "pipeline.unsupported"),
        .init(
            text: step("{\"type\":\"aggregate\",\"aggregation\":{\"operation\":\"sum\"}}"),
            pointer: place + "/aggregation/field", message: "is missing"),
        .init(
            text: step(
                "{\"type\":\"aggregate\",\"aggregation\":[{\"operation\":\"sum\",\"field\":\"a\"},{\"operation\":\"avg\",\"field\":\"a\"}]}"
            ), pointer: place + "/aggregation/1", message: "two fields \"a\""),
        .init(
            text: step(
                "{\"type\":\"aggregate\",\"aggregation\":[{\"operation\":\"sum\",\"field\":\"a\",\"groupBy\":\"x\"},{\"operation\":\"avg\",\"field\":\"a\",\"groupBy\":\"y\"}]}"
            ), pointer: place + "/aggregation/1/groupBy", message: "must be the same"),
    ]

    @Test(arguments: mistakes) func `a mistake is reported at its place`(_ mistake: Mistake) throws {
        let error = #expect(throws: TenonError.self) { _ = try Pipeline.definition(mistake.text) }
        let field = try #require(
            error?.fields.first { $0.pointer == mistake.pointer }, "\(error?.description ?? "")")
        #expect(field.message.contains(mistake.message), "\(field.message)")
        #expect(error?.code.rawValue == mistake.code)
    }

    @Test func `every mistake is reported at once`() {
        let text = Self.step("{\"type\":\"map\",\"mapping\":{\"a\":\"\",\"b\":\"..\"}},{\"type\":\"nope\"}")
        let error = #expect(throws: TenonError.self) { _ = try Pipeline.definition(text) }
        #expect(error?.fields.count == 3)
    }

    @Test func `a stored definition is not judged again by what its expressions or schedules would do`()
        throws
    {
        let text =
            Self.step("{\"type\":\"filter\",\"expression\":\"paid || size(5) > 1\"}").dropLast()
            + ",\"triggers\":[{\"type\":\"schedule\",\"schedule\":\"0 9 * * *\",\"timezone\":\"Nowhere/Else\"}]}"
        let json = try JSONParser.parse(String(text))
        let error = #expect(throws: TenonError.self) { try PipelineDefinition.parse(json) }
        #expect(error?.fields.count == 2)
        let stored = try PipelineDefinition.parse(json, isStored: true).definition
        let source = Schema([Field("paid", .bool)])
        #expect(throws: Never.self) { try PipelinePlan(stored, source: source) }
    }

    @Test func `stages run by their order, not by their place`() throws {
        let stages = [
            ("Load", "load", 30), ("Second", "transform", 20), ("First", "transform", 10),
            ("Extract", "extract", 0),
        ]
        let list = stages.map { "{\"name\":\"\($0.0)\",\"type\":\"\($0.1)\",\"order\":\($0.2)}" }.joined(
            separator: ",")
        #expect(
            try Pipeline.definition(Self.whole(list)).stages.map(\.name) == [
                "Extract", "First", "Second", "Load",
            ])
    }

    @Test func `parameters say what is read and how it is loaded`() throws {
        let text = """
            {"projectId":"p","name":"n","sourceIntegrationId":"s","targetIntegrationId":"t","batchSize":500,"stages":[
            {"name":"E","type":"extract","parameters":{"stream":"designs"}},
            {"name":"L","type":"load","parameters":{"stream":"items","mode":"upsert","keys":"id","createIfMissing":false}}]}
            """
        let definition = try Pipeline.definition(text)
        #expect(definition.extract == ExtractParameters(stream: "designs", query: nil, batchRows: 500))
        #expect(
            definition.load
                == LoadParameters(stream: "items", mode: .upsert, keys: ["id"], createIfMissing: false))
        for (wrong, pointer) in [
            ("\"keys\":\"id\",", "/stages/1/parameters/keys"),
            ("\"stream\":\"designs\"", "/stages/0/parameters/query"),
        ] {
            let replacement = wrong.contains("designs") ? "\"stream\":\"designs\",\"query\":\"select 1\"" : ""
            let error = #expect(throws: TenonError.self) {
                _ = try Pipeline.definition(text.replacing(wrong, with: replacement))
            }
            #expect(error?.fields.map(\.pointer) == [pointer])
        }
    }

    @Test func `an unknown key and a comparison with null are warned of`() throws {
        let filter =
            "{\"type\":\"filter\",\"condition\":{\"field\":\"a\",\"operator\":\"==\",\"value\":null}}"
        let text = Self.step(filter).replacing("\"projectId\"", with: "\"scheduel\":\"x\",\"projectId\"")
        let warnings = try PipelineDefinition.parse(JSONParser.parse(text)).warnings
        #expect(warnings.map(\.code) == ["pipeline.unknown-key", "pipeline.null-comparison"])
        #expect(warnings[0].message.contains("Did you mean \"schedule\"?"))
        #expect(warnings[1].pointer == Self.place + "/condition/value")
    }

    @Test func `a damaged definition is accepted or refused, never more`() throws {
        let values: [JSON] = [nil, true, 0, -1, 1e300, "", "x", "{{", "a[", [], [nil], [:], ["type": "map"]]
        var random = SeededGenerator(seed: 9)
        var refused = 0
        for _ in 0..<1000 {
            let value = values.randomElement(using: &random) ?? nil
            let json = Self.replaced(try JSONParser.parse(Specification.designDataETL), by: value, &random)
            do {
                let definition = try PipelineDefinition.parse(json).definition
                let schema = try Pipeline.batches(Specification.designs)[0].schema
                _ = try PipelinePlan(definition, source: schema)
            } catch let error as TenonError {
                #expect(!error.message.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 500)
    }

    /// `json` with one value somewhere in it replaced.
    private static func replaced(_ json: JSON, by value: JSON, _ random: inout SeededGenerator) -> JSON {
        switch json {
        case .object(var object):
            guard let key = object.keys.randomElement(using: &random),
                Int.random(in: 0..<6, using: &random) > 0
            else { return value }
            object[key] = replaced(object[key] ?? .null, by: value, &random)
            return .object(object)
        case .array(var elements):
            guard let index = elements.indices.randomElement(using: &random),
                Int.random(in: 0..<6, using: &random) > 0
            else { return value }
            elements[index] = replaced(elements[index], by: value, &random)
            return .array(elements)
        default: return value
        }
    }
}
