import CTenon
import TenonColumns
import TenonModel
import Testing

@Suite struct SchemaTests {
    @Test func `a schema reads back from its own text`() throws {
        let schema = try Samples.allTypes().schema
        #expect(try Schema.parse(json: Array(schema.jsonText.utf8)) == schema)
    }

    @Test func `an item of discover is a schema, and one without columns is none`() throws {
        let item =
            "{\"stream\":\"designs\",\"keys\":[\"id\"],\"columns\":[{\"name\":\"a\\u0062\",\"type\":\"large_utf8\"}]}"
        #expect(try Schema.parse(json: Array(item.utf8))?.fields == [Field("ab", .utf8)])
        #expect(try Schema.parse(json: Array("{\"stream\":\"x\"}".utf8)) == nil)
    }

    @Test(arguments: [
        "", "[]", "{\"columns\":[{\"name\":\"\",\"type\":\"int8\"}]}", "{\"columns\":1}",
        "{\"columns\":[{}]}", "{\"columns\":[{\"name\":\"a\"}]}",
        "{\"columns\":[{\"name\":\"a\",\"type\":\"int65\"}]}",
        "{\"columns\":[{\"name\":\"a\",\"type\":\"decimal128(39,1)\"}]}",
        "{\"columns\":[{\"name\":\"a\",\"type\":\"int8\"},{\"name\":\"a\",\"type\":\"int8\"}]}",
        "{\"columns\":[{\"name\":\"a\",\"type\":\"int8\",\"nullable\":1}]}",
    ]) func `a broken description is refused`(_ text: String) {
        #expect(throws: TenonError.self) { _ = try Schema.parse(json: Array(text.utf8)) }
    }

    @Test func `a late column keeps the type it stands for`() throws {
        let schema = Schema([
            Field("day", .utf8, late: .date32),
            Field("raw", .json, late: .decimal128(precision: 9, scale: 2)),
        ])
        #expect(try Schema.parse(json: Array(schema.jsonText.utf8)) == schema)
        #expect(schema != Schema([Field("day", .utf8), Field("raw", .json)]))
        var arrow = ArrowSchema()
        schema.export(to: &arrow)
        defer { arrow.release(&arrow) }
        #expect(try Schema(importing: &arrow) == schema)
    }

    @Test(arguments: [
        "{\"columns\":[{\"name\":\"a\",\"type\":\"int64\",\"late\":\"int8\"}]}",
        "{\"columns\":[{\"name\":\"a\",\"type\":\"utf8\",\"late\":\"int65\"}]}",
    ]) func `what cannot stand for another type is refused`(_ text: String) {
        #expect(throws: TenonError.self) { _ = try Schema.parse(json: Array(text.utf8)) }
    }

    @Test func `more columns than a batch may have are refused`() {
        let columns = (0...Limits.batchColumns).map { "{\"name\":\"c\($0)\",\"type\":\"int8\"}" }
        let text = "{\"columns\":[\(columns.joined(separator: ","))]}"
        #expect(throws: TenonError.self) { _ = try Schema.parse(json: Array(text.utf8)) }
    }
}
