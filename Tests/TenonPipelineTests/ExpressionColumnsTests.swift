import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

/// Expressions of pipelines over whole columns, where a part of the rows needs an evaluation of its own.
@Suite struct ExpressionColumnsTests {
    private static let lines = """
        {"id":1,"n":5,"name":"bolt","tags":["a"]}
        {"id":2,"n":9223372036854775807,"name":"nut","tags":[]}
        {"id":3,"n":null,"name":null,"tags":["a","b"]}
        {"id":4,"n":-2,"name":"gear","tags":null}

        """

    private func filtered(_ expression: String, onError: String = "fail") throws -> [Int] {
        let text = """
            {"type":"filter","condition":{"expression":"\(expression)"}},{"type":"map","mapping":{"id":"id"}}
            """
        let result = try Pipeline.run(Pipeline.with(text, onError: onError), over: Self.lines).0
        return result.split(separator: "\n").compactMap { Int($0.filter(\.isNumber)) }
    }

    @Test func `a filter keeps the same rows whether its operands have kernels or not`() throws {
        #expect(try filtered("n + 1 < 10 || id == 2", onError: "skip") == [1, 2, 4])
        #expect(try filtered("id > 1 && size(tags) > 0") == [3])
        #expect(try filtered("name.startsWith('b') || 'b' in tags") == [1, 3])
        #expect(try filtered("name.matches('^[bg]') && n != null") == [1, 4])
    }

    /// As an operator, within a value, and as an expression.
    @Test(arguments: [
        #"{"field":"t","operator":"matches","value":"PATTERN"}"#,
        #"{"field":"j.t","operator":"matches","value":"PATTERN"}"#, #"{"expression":"t.matches('PATTERN')"}"#,
    ])
    func `a pattern that takes too much work fails its record only`(condition: String) throws {
        var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
        let bytes = (0..<100_000).map { _ in
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return bits >> 60 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = [("1", text), ("2", "abc"), ("3", "z")].map {
            #"{"id":\#($0),"t":"\#($1)","j":{"t":"\#($1)"}}"# + "\n"
        }
        let filter = condition.replacing("PATTERN", with: "([ab]*a[ab]{900}){2}([ab]{900}){2}c|^z")
        let steps = #"{"type":"filter","condition":\#(filter)},{"type":"map","mapping":{"id":"id"}}"#
        let (kept, _) = try Pipeline.run(Pipeline.with(steps, onError: "skip"), over: lines.joined())
        #expect(kept.filter(\.isNumber) == "3")
        #expect { try Pipeline.run(Pipeline.with(steps), over: lines.joined()) } throws: {
            "\($0)".contains("too much work")
        }
    }

    @Test func `an integer that overflows fails its record only`() throws {
        #expect(try filtered("n + 1 > 0", onError: "skip") == [1])
        #expect { try filtered("n + 1 > 0") } throws: { "\($0)".contains("out of range") }
    }

    @Test func `derived columns have the type of their expression, and skip the records that fail`() throws {
        let map = """
            {"type":"map","mapping":{"id":"id","next":"{{n + 1}}","label":"{{name + '!'}}","big":"{{n > 1}}"}}
            """
        let text = Pipeline.with(map, onError: "skip")
        #expect(
            try Pipeline.run(text, over: Self.lines).0 == """
                {"id":1,"next":6,"label":"bolt!","big":true}
                {"id":3,"next":null,"label":null,"big":false}
                {"id":4,"next":-1,"label":"gear!","big":false}

                """)
    }

    @Test func `a derived column after a filter has the values of the rows that are left`() throws {
        let steps = """
            {"type":"filter","condition":{"expression":"id != 2"}},
            {"type":"map","mapping":{"id":"id","twice":"{{id * 2}}","upper":"{{name.upperAscii()}}"}}
            """
        #expect(
            try Pipeline.run(step: steps, over: Self.lines) == """
                {"id":1,"twice":2,"upper":"BOLT"}
                {"id":3,"twice":6,"upper":null}
                {"id":4,"twice":8,"upper":"GEAR"}

                """)
    }

    @Test func `a transformation of values knows the time that it is given`() throws {
        let map: JSON = ["type": "map", "mapping": ["year": "{{now().getFullYear()}}", "id": "id"]]
        let time = Timestamp(milliseconds: 1_769_855_400_000)
        #expect(
            try Transformations.apply(map, to: [["id": 1]], now: time) == [["year": 2026, "id": 1]])
    }

    @Test func `now() of a run is the moment that it is given, in every row and batch`() throws {
        let map = #"{"type":"map","mapping":{"at":"{{now().toMillis() + id}}","id":"id"}}"#
        let filter = #"{"type":"filter","expression":"now() < timestamp('2026-02-01T00:00:00Z')"}"#
        let batches = try Pipeline.batches(Self.lines, rows: 2)
        let plan = try PipelinePlan(
            Pipeline.definition(Pipeline.with("\(filter),\(map)")), source: batches[0].schema)
        var program = plan.makeProgram(now: Timestamp(milliseconds: 1_769_855_400_000))
        let results = try batches.flatMap { try program.push($0) } + program.finish()
        let lines = try results.flatMap { try NDJSONWriter.lines(of: $0) }
        #expect(
            String(decoding: lines, as: UTF8.self) == """
                {"at":1769855400001,"id":1}
                {"at":1769855400002,"id":2}
                {"at":1769855400003,"id":3}
                {"at":1769855400004,"id":4}

                """)
    }
}
