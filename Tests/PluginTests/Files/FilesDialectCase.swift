import TenonJSON

/// A kind of dirt in CSV files, and what becomes of it; `Plugins/Files/DIALECT.md` says why.
struct FilesDialectCase {
    /// What a reader makes of it.
    enum Outcome {
        case error
        case rows([[JSON]])
    }

    let name: String
    let text: [UInt8]
    let rows: [[JSON]]
    /// The places of rejected records, as "line 3, column 2".
    var rejected: [String] = []
    let duckdb: Outcome
    let polars: Outcome

    init(
        _ name: String, _ text: String, _ rows: [[JSON]], rejected: [String] = [],
        _ peers: (duckdb: Outcome, polars: Outcome)? = nil
    ) {
        self.init(name, bytes: Array(text.utf8), rows, rejected: rejected, peers)
    }

    init(
        _ name: String, bytes: [UInt8], _ rows: [[JSON]], rejected: [String] = [],
        _ peers: (duckdb: Outcome, polars: Outcome)? = nil
    ) {
        self.name = name
        text = bytes
        self.rows = rows
        self.rejected = rejected
        duckdb = peers?.duckdb ?? .rows(rows)
        polars = peers?.polars ?? .rows(rows)
    }

    static let all: [FilesDialectCase] = [
        FilesDialectCase("byte order mark", "\u{FEFF}a,b\n1,x\n", [["1", "x"]]),
        FilesDialectCase("CRLF", "a,b\r\n1,x\r\n2,y\r\n", [["1", "x"], ["2", "y"]]),
        FilesDialectCase(
            "CR alone", "a,b\r1,x\r2,y\r", [["1", "x"], ["2", "y"]],
            (.rows([["1", "x"], ["2", "y"]]), .rows([]))),
        FilesDialectCase(
            "mixed line ends", "a,b\n1,x\r\n2,y\r3,z\n", [["1", "x"], ["2", "y"], ["3", "z"]],
            (.error, .error)),
        FilesDialectCase("no last line end", "a,b\n1,x\n2,y", [["1", "x"], ["2", "y"]]),
        FilesDialectCase(
            "blank lines", "a,b\n1,x\n\n2,y\n\n", [["1", "x"], ["2", "y"]],
            (
                .rows([["1", "x"], ["2", "y"]]),
                .rows([["1", "x"], [.null, .null], ["2", "y"], [.null, .null]])
            )),
        FilesDialectCase("blank lines of one column", "a\nx\n\ny\n", [["x"], [.null], ["y"]]),
        FilesDialectCase("line end in a field", "a,b\n1,\"x\ny\"\n2,z\n", [["1", "x\ny"], ["2", "z"]]),
        FilesDialectCase("doubled quotes", "a,b\n1,\"x\"\"y\"\n", [["1", "x\"y"]]),
        FilesDialectCase(
            "quoted empty field", "a,b\n1,\"\"\n2,\n", [["1", ""], ["2", .null]],
            (.rows([["1", .null], ["2", .null]]), .rows([["1", ""], ["2", .null]]))),
        FilesDialectCase(
            "quote within a field", "a,b\n1,x\"y\n2,z\n", [["1", "x\"y"], ["2", "z"]],
            (.rows([["1", "x\"y"], ["2", "z"]]), .error)),
        FilesDialectCase(
            "text after a closing quote", "a,b\n1,\"x\"y\n2,z\n", [["2", "z"]],
            rejected: ["line 2, column 2"], (.error, .error)),
        FilesDialectCase(
            "quote never closed", "a,b\n1,x\n2,\"y\n3,z\n", [["1", "x"]], rejected: ["line 3, column 2"],
            (.error, .error)),
        FilesDialectCase(
            "short record", "a,b,c\n1,2,3\n4,5\n6,7,8\n", [["1", "2", "3"], ["6", "7", "8"]],
            rejected: ["line 3, column 3"],
            (.error, .rows([["1", "2", "3"], ["4", "5", .null], ["6", "7", "8"]]))),
        FilesDialectCase(
            "long record", "a,b,c\n1,2,3\n4,5,6,7\n8,9,0\n", [["1", "2", "3"], ["8", "9", "0"]],
            rejected: ["line 3, column 4"], (.error, .error)),
        FilesDialectCase(
            "space before a quote", "a,b\n1, \"x,y\"\n2,z\n", [["2", "z"]], rejected: ["line 2, column 3"],
            (.rows([["1", "x,y"], ["2", "z"]]), .error)),
        FilesDialectCase(
            "invalid UTF-8", bytes: Array("a,b\n1,x\n2,".utf8) + [0xFF, 0xFE] + Array("\n3,z\n".utf8),
            [["1", "x"], ["3", "z"]], rejected: ["line 3, column 2"], (.error, .error)),
        FilesDialectCase("NUL", "a,b\n1,x\0y\n2,z\n", [["1", "x\0y"], ["2", "z"]]),
        FilesDialectCase("names twice or empty", "a,a,\n1,2,3\n", [["1", "2", "3"]]),
        FilesDialectCase("header only", "a,b\n", []),
        FilesDialectCase("empty file", "", [], (.rows([]), .error)),
    ]
}
