@testable internal import FilesConnector

extension FuzzTarget {
    /// A CSV text has the same records in one piece, in blocks and in parts that threads begin at a guess; what its
    /// look tells of its columns is true.
    static let csv = FuzzTarget(
        name: "csv",
        seeds: [
            "\u{3}a,b\n1,2\n3,\"x, \"\"y\"\"\nz\"\r\n,\n4,5,6\n\n7,\"8",
            "\u{1}id;name;at\n1;é;2026-01-31\n2;\"\";\n",
            "\u{15}x\t'y'\r'1'\t 2 \r3\t'4\r\n5'\t6",
            "\u{7}a|b\n-0|1e5\n12345678901234567|true\n\u{FEFF}|FALSE",
            "\u{0}\u{FEFF}n\n1.5\n2026-01-31T10:30:00.5Z\n", "\u{2}a,b\n\"x\"y,1\nz\"w,2\n",
        ]
    ) { bytes in
        var reader = ByteReader(bytes)
        let choices = reader.byte()
        var configuration = FilesConfiguration()
        configuration.kind = .csv
        configuration.csv.trims = choices & 16 != 0
        configuration.csv.isUnquoted = choices & 32 != 0
        configuration.csv.hasHeader = choices & 64 != 0 ? false : nil
        configuration.csv.nullText = choices & 128 != 0 ? Array("NULL".utf8) : nil
        let text = reader.rest
        FuzzFile(text, "f.csv", configuration).check(blockBytes: 4 << (choices & 7))
        FuzzFile.checkIndex(text)
    }

    /// Lines of JSON are the same records in one piece, in blocks and in parts; a line is one exactly where it is
    /// an object of JSON, and its values are those of the wanted keys.
    static let ndjson = FuzzTarget(
        name: "ndjson",
        seeds: [
            "\u{3}{\"a\":1,\"b\":\"x\"}\n{\"b\":null,\"a\":2.5}\n\n[1]\n{\"a\":1e5,\"c\":{\"d\":[true]}}\r\n {\"\\u0061\":-3}",
            "\u{1}{\"a\":\"\\ud83d\\ude00\\n\",\"b\":12345678901234567890}\n{\"a\":\"\\ud83d\"}\n{\"a\":1,\"a\":2}",
        ]
    ) { bytes in
        var reader = ByteReader(bytes)
        let choices = reader.byte()
        var configuration = FilesConfiguration()
        configuration.kind = .ndjson
        let text = reader.rest
        FuzzFile(text, "f.ndjson", configuration).check(blockBytes: 4 << (choices & 7))
        for line in text.split(separator: 0x0A) { FuzzFile.checkLine(Array(line), ["a", "b", "é"]) }
    }
}

extension FuzzFile {
    /// Stands here because beside `TenonBatches`, which has another one, the dialect cannot be named.
    static func exactScan(_ block: Block, _ delimiter: UInt8, _ quote: UInt8?) -> CSVExactScan {
        var dialect = CSVDialect()
        (dialect.delimiter, dialect.quote) = (delimiter, quote)
        return CSVExactScan(block, dialect)
    }
}
