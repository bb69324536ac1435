import TenonBatches
import Testing

/// The values of all records.
func readCSV(_ text: String, _ dialect: CSVDialect = CSVDialect()) -> [[String]] {
    Array(text.utf8).withUnsafeBytes { bytes in
        var reader = CSVRecordReader(bytes, dialect: dialect)
        var records: [[String]] = []
        while reader.next() == .record { records.append(reader.fields.map { reader.string($0) }) }
        return records
    }
}

@Suite struct CSVRecordReaderTests {
    @Test(
        arguments: [
            ("", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a\rb\r", [["a"], ["b"]]),
            ("a,\n", [["a", ""]]), (",\n", [["", ""]]), ("a,", [["a", ""]]), ("\n", [[""]]),
            ("a\n\nb", [["a"], [""], ["b"]]), ("\r\n\r\n", [[""], [""]]),
            ("\"a,b\",c\n", [["a,b", "c"]]), ("\"a\nb\r\nc\",d\n", [["a\nb\r\nc", "d"]]),
            ("\"a\"\"b\"\n", [["a\"b"]]), ("\"\",\"\"\"\"\n", [["", "\""]]),
            ("a b, \"c\"\n", [["a b", " \"c\""]]),
            ("\"a\"b\",c\n", [["ab\"", "c"]]), ("a\"\"b,c\n", [["a\"\"b", "c"]]), ("\"a,b\n", [["a,b\n"]]),
            ("\"a\"\r\"b\"\r\n\"c\"\n", [["a"], ["b"], ["c"]]), ("x,\"", [["x", ""]]),
        ] as [(String, [[String]])])
    func `records are read as they are meant`(_ text: String, _ records: [[String]]) {
        #expect(readCSV(text) == records)
    }

    @Test func `delimiter and quote can be others, and no byte need quote`() {
        #expect(readCSV("'a;b';c\n", CSVDialect(delimiter: 0x3B, quote: 0x27)) == [["a;b", "c"]])
        #expect(readCSV("\"a\",b\n", CSVDialect(quote: nil)) == [["\"a\"", "b"]])
    }

    @Test func `defects are reported where they are`() {
        let text = "a,b\n\"x\ny\",a\"b\"\n1,\"2\"3\n4,\"5\n6\n"
        Array(text.utf8).withUnsafeBytes { bytes in
            var reader = CSVRecordReader(bytes)
            var lines: [Int] = []
            var defects: [CSVDefect] = []
            while reader.next() == .record {
                lines.append(reader.recordLine)
                defects += reader.defects
            }
            #expect(lines == [1, 2, 4, 5])
            #expect(
                defects.map(\.kind) == [.quoteInField, .quoteInField, .textAfterQuote, .unterminatedQuote])
            #expect(defects.map(\.offset) == [11, 13, 20, 24])
            #expect(defects.map(\.field) == [1, 1, 1, 1])
            #expect(reader.firstLineEnd == 27)
            reader.position = reader.firstLineEnd
            #expect(reader.next() == .record)
            #expect(reader.fields.map { reader.string($0) } == ["6"])
        }
    }

    @Test func `a record that is cut off is not taken before its rest is there`() {
        let whole = Array("a,\"b\"\"\r\nc\",\"d\"\r\nnext".utf8)
        whole.withUnsafeBytes { whole in
            for count in 1..<16 {
                let part = UnsafeRawBufferPointer(rebasing: whole[0..<count])
                var reader = CSVRecordReader(part, isFinal: false)
                #expect(reader.next() == .incomplete, "\(count)")
                #expect(reader.position == 0 && reader.line == 1)
            }
            var reader = CSVRecordReader(whole, isFinal: false)
            #expect(reader.next() == .record)
            #expect(reader.fields.map { reader.string($0) } == ["a", "b\"\r\nc", "d"])
            #expect(reader.next() == .incomplete)
        }
    }
}
