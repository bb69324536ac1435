import TenonColumns
import TenonModel
import TenonTestKit

enum Samples {
    static func reader(_ schema: String?, _ lines: String) throws -> [Batch] {
        let schema = try schema.flatMap { try Schema.parse(json: Array($0.utf8)) }
        var reader = NDJSONReader(schema: schema)
        reader.append(lines)
        return try reader.takeBatches(isFinal: true)
    }

    /// One column of each type, three rows, the second null throughout.
    static func allTypes() throws -> Batch {
        let types: [(ColumnType, String, String)] = [
            (.bool, "true", "false"), (.int8, "-128", "127"), (.int16, "-32768", "32767"),
            (.int32, "-2147483648", "2147483647"), (.int64, "-9223372036854775808", "9223372036854775807"),
            (.uint8, "0", "255"), (.uint16, "0", "65535"), (.uint32, "0", "4294967295"),
            (.uint64, "0", "18446744073709551615"), (.float32, "0.5", "-1.25"), (.float64, "0.1", "1e-300"),
            (.decimal128(precision: 38, scale: 2), "\"-12345678901234567890.12\"", "\"0.05\""),
            (.utf8, "\"käse \\\"x\\\"\"", "\"\""), (.binary, "\"AAEC/w==\"", "\"\""),
            (.date32, "\"1969-12-31\"", "\"2026-01-31\""), (.time64, "\"00:00:00\"", "\"23:59:59.999999\""),
            (.timestamp(isUTC: true), "\"2026-01-31T10:30:00Z\"", "\"1969-12-31T23:59:59.500Z\""),
            (.timestamp(isUTC: false), "\"2026-01-31T10:30:00\"", "\"0001-01-01T00:00:00\""),
            (.null, "null", "null"), (.json, "{\"a\":[1,2]}", "\"x\""),
        ]
        let schema = Schema(types.enumerated().map { Field("c\($0)", $1.0) })
        var reader = NDJSONReader(schema: schema)
        for row in 0..<3 {
            let members = types.enumerated().map { index, type in
                "\"c\(index)\":\(row == 1 ? "null" : row == 0 ? type.1 : type.2)"
            }
            reader.append("{\(members.joined(separator: ","))}\n")
        }
        let batches = try reader.takeBatches(isFinal: true)
        guard let batch = batches.first else {
            throw reader.takeRejects().first.map { SampleError(reason: $0.reason) }
                ?? SampleError(reason: "no rows")
        }
        return batch
    }
}

struct SampleError: Error { let reason: String }

extension NDJSONReader {
    mutating func append(_ lines: String) {
        let count = lines.utf8.split(separator: 0x0A).count
        Array(lines.utf8).withUnsafeBytes { append($0, rowCount: count) }
    }
}

func text(_ batch: Batch) throws -> String {
    String(decoding: try NDJSONWriter.lines(of: batch), as: UTF8.self)
}
