import TenonColumns
import Testing

@testable import TenonRuntime

@Suite struct TargetColumnsTests {
    @Test(arguments: [
        ColumnType.decimal128(precision: 18, scale: 2), .decimal128(precision: 38, scale: 10),
        .timestamp(isUTC: true), .timestamp(isUTC: false), .time64, .date32,
    ])
    func `a word of a manifest without parameters stands for its whole family`(type: ColumnType) throws {
        let columns = TargetColumns(accepts: ["decimal128", "timestamp", "time64", "date32", "utf8"])
        #expect(try columns.columns(for: Schema([Field("x", type)])).fields.first?.type == type)
    }

    @Test func `a target of lines gets values where it takes no late columns`() throws {
        let source = Schema([
            Field("a", .utf8, late: .int64), Field("b", .json, late: .utf8), Field("c", .date32),
        ])
        let typed = try TargetColumns(accepts: ["ndjson"]).columns(for: source)
        #expect(typed == Schema([Field("a", .int64), Field("b", .utf8), Field("c", .date32)]))
        #expect(try TargetColumns(accepts: ["ndjson", "late"]).columns(for: source) == source)
    }
}
