import Foundation
import TenonColumns
import TenonModel
import TenonTestKit
import Testing

@testable import TenonConnectors

/// A target whose manifest accepts `ndjson` gets one column with one JSON object a row.
@Suite struct LineTargetTests {
    private static func batch() throws -> Batch {
        var reader = NDJSONReader(schema: nil)
        let lines = """
            {"id":1,"name":"Flügelrad","specs":{"w":[1,2]},"cost":2.5}
            {"id":9223372036854775807,"name":null,"specs":null,"cost":null}

            """
        Array(lines.utf8).withUnsafeBytes { reader.append($0, rowCount: 2) }
        return try #require(reader.takeBatches(isFinal: true).first)
    }

    @Test(arguments: [Isolation.cell, .host])
    func `records reach a target of JSON as documents`(isolation: Isolation) throws {
        let directory = TemporaryDirectory()
        let file = directory.file("out.ndjson")
        let bench = CellBench(
            "lines", configuration: #"{"path":"\#(file)"}"#, isolation: isolation, accepts: ["ndjson"])
        try bench.connection.start()
        defer { bench.connection.stop() }
        let batch = try Self.batch()
        let writer = try bench.connection.openWriter(
            WriteRequest(
                requestJSON: Array(#"{"job":"j","stream":"s","mode":"append"}"#.utf8), schema: batch.schema))
        #expect(writer.committedSequence == 0)
        #expect(try writer.write(batch).isEmpty)
        try writer.commit(1)
        writer.close()
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(
            text == """
                {"id":1,"name":"Flügelrad","specs":{"w":[1,2]},"cost":2.5}
                {"id":9223372036854775807,"name":null,"specs":null,"cost":null}

                """)
    }
}
