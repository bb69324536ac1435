internal import TenonColumns
internal import TenonModel

/// Batches, and lines that become some.
enum FuzzBatch {
    static let schema =
        #"{"columns":[{"name":"id","type":"int64","nullable":false},{"name":"x","type":"float64"},"#
        + #"{"name":"f","type":"bool"},{"name":"t","type":"utf8"},{"name":"j","type":"json","late":"int32"},"#
        + #"{"name":"d","type":"decimal128(10,2)"},{"name":"m","type":"timestamp"},{"name":"r","type":"binary"}]}"#
    static let lines =
        #"{"id":1,"x":2.5,"f":true,"t":"é","j":[1],"d":"1.25","m":"2026-01-31T10:30:00Z","r":"AAEC"}"#
        + "\n" + #"{"id":-2,"x":null,"t":"","j":{"a":null}}"# + "\n"

    static func encoded(_ batch: Batch) -> [UInt64] {
        var words = [UInt64](repeating: .max, count: BatchWire.encodedByteCount(batch) / 8)
        let count = words.withUnsafeMutableBytes { BatchWire.encode(batch, into: $0) }
        if count != words.count * 8 { broken("a batch has the size that it says") }
        return words
    }

    struct Read {
        var lines: [UInt8] = []
        var rejects: [RejectedRecord] = []
        var schema: Schema?
    }

    /// As one piece, or line by line.
    static func read(_ bytes: [UInt8], schema: Schema?, isSplit: Bool) -> Read {
        var reader = NDJSONReader(schema: schema, batchRows: isSplit ? 2 : 8192)
        let pieces = isSplit ? bytes.split(separator: 0x0A).map { Array($0) + [0x0A] } : [bytes]
        var read = Read()
        do throws(TenonError) {
            for piece in pieces {
                let count = piece.split(separator: 0x0A).count { $0 != [0x0D] }
                reader.append(piece, rowCount: count)
                if isSplit { try take(reader.takeBatches(isFinal: false), &read) }
            }
            try take(reader.takeBatches(isFinal: true), &read)
        } catch {
            broken("lines are counted in one way: \(error.message)")
        }
        read.rejects = reader.takeRejects()
        read.schema = reader.schema
        return read
    }

    private static func take(_ batches: [Batch], _ read: inout Read) throws(TenonError) {
        for batch in batches { read.lines += try NDJSONWriter.lines(of: batch) }
    }

    @Sendable
    static func seeds() -> [[UInt8]] {
        var reader = NDJSONReader(schema: try? Schema.parse(json: Array(schema.utf8)))
        reader.append(Array(lines.utf8), rowCount: 2)
        let batches = (try? reader.takeBatches(isFinal: true)) ?? []
        return batches.map { batch in
            Array(schema.utf8) + [0] + encoded(batch).withUnsafeBytes { Array($0) }
        }
    }
}
