import TenonColumns
import TenonJSON
import TenonModel
import TenonPipeline
import Testing

@Suite struct CastTests {
    private func cast(_ value: JSON, _ from: ColumnType, _ to: ColumnType) throws -> JSON {
        let batch = try Batch(records: [["x": value], ["x": nil]], schema: Schema([Field("x", from)]))
        let result = try batch.cast(to: Schema([Field("x", to)]))
        #expect(result.json(row: 1) == ["x": nil])
        return result.json(row: 0)["x"] ?? .null
    }

    @Test func `exact casts keep the value`() throws {
        #expect(try cast(5, .int64, .int8) == 5)
        #expect(try cast(5, .int8, .uint64) == 5)
        #expect(try cast(true, .bool, .int64) == 1)
        #expect(try cast(1, .int64, .bool) == true)
        #expect(try cast(9_007_199_254_740_992, .int64, .float64) == 9_007_199_254_740_992.0)
        #expect(try cast(1.5, .float64, .utf8) == "1.5")
        #expect(try cast(2.0, .float64, .int64) == 2)
        #expect(try cast("12.50", .decimal128(precision: 10, scale: 2), .utf8) == "12.50")
        #expect(try cast("12.5", .utf8, .decimal128(precision: 10, scale: 2)) == "12.50")
        #expect(try cast("12", .utf8, .int64) == 12)
        #expect(try cast("2026-01-31", .date32, .utf8) == "2026-01-31")
        #expect(try cast("2026-01-31", .utf8, .date32) == "2026-01-31")
        #expect(try cast(["a": 1], .json, .utf8) == "{\"a\":1}")
        #expect(try cast("a\"b", .json, .utf8) == "a\"b")
        #expect(try cast(7, .json, .int64) == 7)
        #expect(try cast("a\"b", .utf8, .json) == "a\"b")
        #expect(try cast("AAEC", .binary, .utf8) == "AAEC")
        #expect(try cast(18_446_744, .uint64, .utf8) == "18446744")
        #expect(
            try cast("12.50", .decimal128(precision: 10, scale: 2), .decimal128(precision: 12, scale: 4))
                == "12.5000")
    }

    @Test func `casts that would lose something are refused by name`() throws {
        let cases: [(JSON, ColumnType, ColumnType)] = [
            (300, .int64, .int8), (-1, .int64, .uint8), (9_007_199_254_740_993, .int64, .float64),
            (1.5, .float64, .int64),
            ("abc", .utf8, .int64), ("1 ", .utf8, .int64), ("0x1", .utf8, .float64), ("yes", .utf8, .bool),
            ("12.55", .decimal128(precision: 10, scale: 2), .decimal128(precision: 10, scale: 1)),
            ([1], .json, .int64),
            ("2026-02-30", .utf8, .date32), (2, .int64, .bool),
        ]
        for (value, from, to) in cases {
            let error = #expect(throws: TenonError.self, "\(value.text) \(from) \(to)") {
                _ = try cast(value, from, to)
            }
            #expect(error?.code == .batchCast)
            #expect(error?.message.contains("\"x\"") == true)
        }
    }
}
