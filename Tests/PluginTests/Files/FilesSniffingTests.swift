import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

/// What `discover` finds out of files, and what the configuration has to say.
@Suite(.serialized)
struct FilesSniffingTests {
    private func columns(_ text: String, _ settings: [(String, JSON)] = [], name: String = "t.csv") throws
        -> [String]
    {
        let folder = try FilesFolder(settings)
        folder.put(name, text)
        return try folder.columns(name)
    }

    @Test(arguments: [",", ";", "\t", "|"])
    func `the delimiter is the one that makes even records`(delimiter: String) throws {
        let rows = [["id", "text", "n"], ["1", "\"a,b;c|d\te\"", "1.5"], ["2", "plain", "2"]]
        let text = rows.map { $0.joined(separator: delimiter) + "\n" }.joined()
        #expect(try columns(text) == ["id int64", "text utf8", "n float64"])
    }

    @Test func `single quotes are found where they enclose fields`() throws {
        #expect(try columns("a,b\n'x,y',1\n'z,z',2\n") == ["a utf8", "b int64"])
        #expect(try columns("a,b\nit's,1\nisn't,2\n") == ["a utf8", "b int64"])
    }

    @Test func `types are as narrow as all values allow`() throws {
        let text = """
            i,zip,big,f,mixed,b,day,utc,local,both,empty,minus
            1,007,9223372036854775808,1.5,1,true,2026-01-31,2026-01-31T10:00:00Z,2026-01-31 10:00:00,2026-01-31,,-0
            -2,123,1,2e3,x,FALSE,2026-02-28,2026-01-31T10:00:00.5+02:00,2026-01-31T10:00:00.123456,2026-01-31T10:00:00,,1
            ,,,,,,,,,,,

            """
        #expect(
            try columns(text) == [
                "i int64", "zip utf8", "big utf8", "f float64", "mixed utf8", "b bool", "day date32",
                "utc timestamp(us, UTC)", "local timestamp(us)", "both utf8", "empty utf8", "minus utf8",
            ])
    }

    @Test func `what no type would give back as it was stays text`() throws {
        #expect(
            try columns("a,b,c,d,e\n1.23456789012345678901,2026-02-30,1e999,.5,+1\n") == [
                "a utf8", "b utf8", "c utf8", "d utf8", "e utf8",
            ])
        #expect(try columns("a\n9007199254740993\n0.5\n") == ["a utf8"])
    }

    @Test func `a header is told from records`() throws {
        #expect(try columns("id,name\n1,a\n") == ["id int64", "name utf8"])
        #expect(try columns("1,a\n2,b\n") == ["column_1 int64", "column_2 utf8"])
        #expect(try columns("name,city\nAda,London\n") == ["name utf8", "city utf8"])
        // Numbers name no columns, unless that is said.
        #expect(try columns("name,2025\nx,1\n") == ["column_1 utf8", "column_2 int64"])
        #expect(try columns("name,2025\nx,1\n", [("csv", ["header": true])]) == ["name utf8", "2025 int64"])
        #expect(try columns("only,a,header\n") == ["only utf8", "a utf8", "header utf8"])
    }

    @Test func `columns without a name and with one that is taken get one`() throws {
        #expect(
            try columns("a,,a,a\n1,2,3,4\n", [("csv", ["header": true])]) == [
                "a int64", "column_2 int64", "a_2 int64", "a_3 int64",
            ])
    }

    @Test func `a byte order mark, CRLF and empty lines are not part of the columns`() throws {
        #expect(try columns("\u{FEFF}id,name\r\n\r\n1,a\r\n") == ["id int64", "name utf8"])
    }

    @Test func `everything sniffed can be set`() throws {
        let text = "1;2,5;x\n2;3,5;y\n"
        let csv: JSON = ["delimiter": ";", "header": false, "quote": "'"]
        #expect(
            try columns(text, [("csv", csv), ("types", ["column_1": "utf8", "column_3": "binary"])]) == [
                "column_1 utf8", "column_2 utf8", "column_3 binary",
            ])
        #expect(try columns("a,b\n1,2\n", [("textOnly", true)]) == ["a utf8", "b utf8"])
        #expect(try columns("a,b\n1,2\nx,3\n", [("sample", 1)]) == ["a int64", "b int64"])
        #expect(try columns("a,b\nNA,2\n1,3\n", [("csv", ["nullText": "NA"])]) == ["a int64", "b int64"])
        #expect(try columns("a b\n1 2\n", [("csv", ["delimiter": " "])]) == ["a int64", "b int64"])
        #expect(try columns("{\"a\":1}\n", [("format", "ndjson")], name: "t.txt") == ["a int64"])
    }

    @Test func `columns of NDJSON are those of its first lines`() throws {
        let text = """
            {"i": 1, "f": 1, "s": "x", "o": {"a": 1}, "n": null, "m": 1, "b": true, "big": 9223372036854775808}
            {"i": 2, "f": 1.5, "s": null, "o": [1], "late": "x", "m": "x", "b": false}
            broken
            {"i": 3, "x": {"deep": []}, "x": 1}

            """
        #expect(
            try columns(text, name: "t.ndjson") == [
                "i int64", "f float64", "s utf8", "o json", "n utf8", "m utf8", "b bool", "big utf8",
                "late utf8", "x json",
            ])
    }

    @Test func `streams are the files of the folder, with their sizes`() throws {
        let folder = try FilesFolder([("defaultStream", "orders-*.csv")])
        folder.put("orders-1.csv", "id\n1\n")
        folder.put("orders-2.csv", "id\n2\n")
        folder.put("sub/deep.ndjson", "{\"a\":1}\n")
        folder.put("notes.txt", "nothing")
        folder.put(".hidden.csv", "id\n1\n")
        let names = try folder.plugin.connection.discover().map { try JSONParser.parse($0)["stream"]?.string }
        #expect(names == ["orders-*.csv", "orders-1.csv", "orders-2.csv", "sub/deep.ndjson"])
        #expect(try folder.discovered("orders-*.csv")?["bytes"] == 10)
        #expect(try folder.discovered("sub/deep.ndjson")?["bytes"] == 8)
    }

    @Test func `an empty file is a stream without columns`() throws {
        #expect(try columns("") == [])
    }

    @Test func `one file may be all that is configured`() throws {
        let folder = try FilesFolder()
        folder.put("a.csv", "id\n1\n")
        folder.put("b.csv", "id\n1\n")
        let plugin = try FilesFolder.open(folder.directory.file("a.csv"))
        let names = try plugin.connection.discover().map { try JSONParser.parse($0)["stream"]?.string }
        #expect(names == ["a.csv"])
    }

    @Test func `a configuration that makes no sense is refused with its place`() throws {
        for (settings, field) in [
            ([("csv", ["delimiter": "ab"] as JSON)], "/csv/delimiter"),
            ([("csv", ["delimiter": "'", "quote": "'"])], "/csv/delimiter"),
            ([("types", ["a": "number"])], "/types/a"),
        ] {
            let failure = #expect(throws: (any Error).self) { try FilesFolder(settings) }
            #expect("\(String(describing: failure))".contains(field))
        }
    }
}
