import Foundation
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel
import TenonTestKit
import Testing

@Suite(.serialized)
struct FilesTargetTests {
    private let schema = Schema([Field("id", .int64), Field("name", .utf8)])

    // MARK: values

    private static let everyType = Schema([
        Field("b", .bool), Field("i8", .int8), Field("u64", .uint64), Field("f", .float64),
        Field("f4", .float32),
        Field("d", .decimal128(precision: 10, scale: 2)), Field("s", .utf8), Field("x", .binary),
        Field("day", .date32), Field("t", .time64), Field("u", .timestamp(isUTC: true)),
        Field("l", .timestamp(isUTC: false)), Field("j", .json),
    ])
    private static let everyValue: JSON = [
        "b": true, "i8": -128, "u64": .uint(.max), "f": 0.1, "f4": 0.5, "d": "-0.05", "s": "ü", "x": "/wAB",
        "day": "2026-01-31", "t": "10:30:00.25", "u": "2026-01-31T10:30:00Z", "l": "2026-01-31T10:30:00",
        "j": ["a": [1, "x"]],
    ]

    @Test func `every type has its text in CSV`() throws {
        let folder = try FilesFolder()
        #expect(try folder.write("all.csv", Self.everyType, [Self.everyValue, [:]]).isEmpty)
        let line =
            "true,-128,18446744073709551615,0.1,0.5,-0.05,ü,/wAB,2026-01-31,10:30:00.250,2026-01-31T10:30:00Z,"
            + "2026-01-31T10:30:00,\"{\"\"a\"\":[1,\"\"x\"\"]}\"\n"
        #expect(folder.text("all.csv") == "b,i8,u64,f,f4,d,s,x,day,t,u,l,j\n" + line + ",,,,,,,,,,,,\n")
    }

    @Test func `every type has its value in NDJSON`() throws {
        let folder = try FilesFolder()
        #expect(try folder.write("all.ndjson", Self.everyType, [Self.everyValue, [:]]).isEmpty)
        let lines = try #require(folder.text("all.ndjson")).split(separator: "\n")
        #expect(
            lines[0] == """
                {"b":true,"i8":-128,"u64":18446744073709551615,"f":0.1,"f4":0.5,"d":"-0.05","s":"ü","x":"/wAB",\
                "day":"2026-01-31","t":"10:30:00.250","u":"2026-01-31T10:30:00Z","l":"2026-01-31T10:30:00",\
                "j":{"a":[1,"x"]}}
                """)
        #expect(lines[1].hasPrefix(#"{"b":null,"i8":null,"#))
        #expect(lines.count == 2)
    }

    @Test func `texts are quoted where they must be, and an empty text is not null`() throws {
        let folder = try FilesFolder()
        let texts: [JSON] = ["a", "a,b", "say \"x\"", "two\nlines", "cr\rhere", "", nil, " spaced "]
        #expect(
            try folder.write("t.csv", schema, texts.map { name -> JSON in ["id": 1, "name": name] }).isEmpty)
        let expected = [
            "a", "\"a,b\"", "\"say \"\"x\"\"\"", "\"two\nlines\"", "\"cr\rhere\"", "\"\"", "", " spaced ",
        ]
        #expect(folder.text("t.csv") == "id,name\n" + expected.map { "1,\($0)\n" }.joined())
    }

    @Test func `long plain texts and short ones at the end of the data are copied whole`() throws {
        let folder = try FilesFolder()
        let texts = (0..<600).map { String(repeating: "x", count: $0 % 300 + 1) + "end" }
        let plain = Schema([Field("a", .utf8, isNullable: false), Field("b", .utf8, isNullable: false)])
        #expect(
            try folder.write(
                "p.csv", plain, texts.map { ["a": .string($0), "b": .string(String($0.suffix(2)))] }
            )
            .isEmpty)
        #expect(folder.text("p.csv") == "a,b\n" + texts.map { "\($0),\($0.suffix(2))\n" }.joined())
    }

    @Test func `delimiter, quote, line end, header, null text and full quoting follow the configuration`()
        throws
    {
        let csv: JSON = [
            "delimiter": ";", "quote": "'", "lineEnd": "crlf", "header": false, "nullText": "NULL",
            "quoteAll": true,
        ]
        let folder = try FilesFolder([("csv", csv)])
        #expect(
            try folder.write(
                "t.csv", schema,
                [["id": 1, "name": "it's"], ["id": nil, "name": "NULL"], ["id": 2, "name": nil]]
            ).isEmpty)
        #expect(folder.text("t.csv") == "1;'it''s'\r\nNULL;'NULL'\r\n2;NULL\r\n")
    }

    @Test func `values with the delimiter in them are quoted whatever their type`() throws {
        let folder = try FilesFolder([("csv", ["delimiter": "-", "header": false])])
        #expect(try folder.write("t.csv", schema, [["id": -5, "name": "a-b"]]).isEmpty)
        #expect(folder.text("t.csv") == "\"-5\"-\"a-b\"\n")
    }

    @Test func `without quotes a row that would need them is refused alone`() throws {
        let folder = try FilesFolder([("csv", ["quote": ""])])
        let rejected = try folder.write(
            "t.csv", schema, [["id": 1, "name": "a"], ["id": 2, "name": "b,c"], ["id": 3, "name": "d"]])
        #expect(rejected.map(\.row) == [1])
        #expect(rejected.first?.reason.contains("\"name\"") == true)
        #expect(folder.text("t.csv") == "id,name\n1,a\n3,d\n")
    }

    // MARK: late columns

    @Test func `texts of CSV become values of NDJSON, and what is no value is refused`() throws {
        let folder = try FilesFolder()
        let late = Schema([
            Field("i", .utf8, late: .int64), Field("f", .utf8, late: .float64),
            Field("b", .utf8, late: .bool),
            Field("u", .utf8, late: .timestamp(isUTC: true)), Field("s", .utf8, late: .utf8),
        ])
        let rejected = try folder.write(
            "l.ndjson", late,
            [
                ["i": "007", "f": "1.10", "b": "TRUE", "u": "2026-01-31 10:30:00+01:00", "s": "a\"\n\u{1}"],
                ["i": "12x", "f": "1", "b": "true", "u": nil, "s": ""],
                ["i": "-3", "f": ".5", "b": nil, "u": nil, "s": ""],
                ["i": "1", "f": "x", "b": nil, "u": nil, "s": ""],
            ])
        #expect(rejected.map(\.row) == [1, 3])
        #expect(rejected.first?.reason.contains("\"12x\"") == true)
        #expect(
            folder.text("l.ndjson") == """
                {"i":7,"f":1.10,"b":true,"u":"2026-01-31T09:30:00Z","s":"a\\"\\n\\u0001"}
                {"i":-3,"f":0.5,"b":null,"u":null,"s":""}

                """)
    }

    @Test func `tokens of JSON are copied to NDJSON and unpacked for CSV`() throws {
        let late = Schema([Field("i", .json, late: .int64), Field("s", .json, late: .utf8)])
        let records: [JSON] = [
            ["i": 1, "s": "plain"], ["i": nil, "s": "q\"uote, \n\u{e9}"], ["i": 2, "s": ["a": 1]],
            ["i": 3, "s": ""],
        ]
        let folder = try FilesFolder()
        #expect(try folder.write("t.ndjson", late, records).isEmpty)
        let lines = try #require(folder.text("t.ndjson")).split(separator: "\n").map {
            try JSONParser.parse(String($0))
        }
        #expect(lines == records)
        #expect(try folder.write("t.csv", late, records).isEmpty)
        #expect(
            folder.text("t.csv")
                == "i,s\n1,plain\n,\"q\"\"uote, \n\u{e9}\"\n2,\"{\"\"a\"\":1}\"\n3,\"\"\n")
    }

    // MARK: existing files

    @Test func `rows are added under the header that is there, by name`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "name;extra;id\nold;x;0")
        #expect(try folder.write("t.csv", schema, [["id": 1, "name": "new"]]).isEmpty)
        #expect(folder.text("t.csv") == "name;extra;id\nold;x;0\nnew;;1\n")
    }

    @Test func `a column that the file does not have is refused with those that it has`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "id,title\n1,a\n")
        let failure = #expect(throws: CallFailure.self) { try folder.write("t.csv", schema, [["id": 1]]) }
        #expect(failure?.status == .invalidArgument)
        #expect(failure?.message.contains("\"title\"") == true)
        #expect(folder.text("t.csv") == "id,title\n1,a\n")
    }

    @Test func `overwrite replaces the file at the first commit and keeps its rights`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "other\n1\n")
        chmod(folder.directory.file("t.csv"), 0o600)
        let writer = try folder.plugin.writer(["job": "o", "stream": "t.csv", "mode": "overwrite"], schema)
        _ = try writer.write(batch(schema, [["id": 1, "name": "a"]]))
        #expect(folder.text("t.csv") == "other\n1\n")
        try writer.commit(1)
        #expect(folder.text("t.csv") == "id,name\n1,a\n")
        _ = try writer.write(batch(schema, [["id": 2, "name": "b"]]))
        try writer.commit(2)
        writer.close()
        #expect(folder.text("t.csv") == "id,name\n1,a\n2,b\n")
        var status = stat()
        #expect(stat(folder.directory.file("t.csv"), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func `a commit without rows makes an empty file of an overwrite`() throws {
        let folder = try FilesFolder()
        folder.put("t.csv", "id,name\n1,a\n")
        let writer = try folder.plugin.writer(["job": "o", "stream": "t.csv", "mode": "overwrite"], schema)
        try writer.commit(1)
        writer.close()
        #expect(folder.text("t.csv") == "id,name\n")
    }

    @Test func `gzip members follow each other, one a commit`() throws {
        let folder = try FilesFolder()
        for id in 1...3 {
            _ = try folder.write("t.ndjson.gz", schema, [["id": .int(Int64(id)), "name": "a"]])
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", folder.directory.file("t.ndjson.gz")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(text == (1...3).map { "{\"id\":\($0),\"name\":\"a\"}\n" }.joined())
    }

    // MARK: what is refused

    @Test func `upsert is refused in clear words`() throws {
        let folder = try FilesFolder()
        let failure = #expect(throws: CallFailure.self) {
            try folder.write("t.csv", schema, [], mode: "upsert")
        }
        #expect(failure?.status == .notImplemented)
        #expect(failure?.message.contains("upsert") == true)
    }

    @Test(arguments: [
        "../out.csv", "/etc/out.csv", "a/../../out.csv", "./t.csv", "a//b.csv", "*.csv", ".hidden.csv",
    ])
    func `no name leads out of the folder`(name: String) throws {
        let folder = try FilesFolder()
        let failure = #expect(throws: CallFailure.self) { try folder.write(name, schema, [["id": 1]]) }
        #expect(failure?.status == .invalidArgument)
    }

    @Test func `no link leads out of the folder`() throws {
        let outside = TemporaryDirectory()
        let folder = try FilesFolder()
        _ = FileManager.default.createFile(atPath: outside.file("t.csv"), contents: Data("id,name\n".utf8))
        symlink(outside.path, folder.directory.file("sub"))
        symlink(outside.file("t.csv"), folder.directory.file("t.csv"))
        for name in ["sub/new.csv", "sub/t.csv", "t.csv"] {
            let failure = #expect(throws: CallFailure.self) { try folder.write(name, schema, [["id": 1]]) }
            #expect(failure?.status == .invalidArgument)
        }
        #expect(FileManager.default.contents(atPath: outside.file("t.csv")) == Data("id,name\n".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["t.csv"])
    }

    @Test func `a file that is missing is made, unless that is turned off`() throws {
        let folder = try FilesFolder([("createIfMissing", false)])
        let failure = #expect(throws: CallFailure.self) { try folder.write("t.csv", schema, [["id": 1]]) }
        #expect(failure?.status == .notFound)
        #expect(folder.text("t.csv") == nil)
    }

    @Test func `a name without a known ending needs a configured format`() throws {
        let failure = #expect(throws: CallFailure.self) {
            try FilesFolder().write("data", schema, [["id": 1]])
        }
        #expect(failure?.status == .invalidArgument)
        let folder = try FilesFolder([("format", "ndjson")])
        #expect(try folder.write("data", schema, [["id": 1, "name": nil]]).isEmpty)
        #expect(folder.text("data") == "{\"id\":1,\"name\":null}\n")
    }
}
