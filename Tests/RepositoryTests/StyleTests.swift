import Testing

/// The rules of style that a machine can check.
struct StyleTests {
    static let folders = ["Sources", "Tests", "SDK", "Plugins"]
    static let code = [".swift", ".c", ".h"]
    static let maxLines = 500
    /// The formatter holds Swift to 110; this is for what it does not reach.
    static let maxColumns = 118
    static let maxFilesInFolder = 20
    static let vagueWords = ["Manager", "Helper", "Util", "Common", "Info"]

    @Test func `no file is longer than 500 lines`() throws {
        for file in try Repository.files(in: Self.folders, endings: Self.code) {
            #expect(file.lines.count <= Self.maxLines + 1, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test func `no line is longer than the page, unless a text literal makes it so`() throws {
        for file in try Repository.files(in: Self.folders, endings: Self.code) {
            var isInText = false
            for (number, line) in file.lines.enumerated() {
                if line.contains(#"""""#) { isInText.toggle() }
                guard line.count > Self.maxColumns, !isInText else { continue }
                #expect(line.contains("\""), "\(file.path):\(number + 1)")
            }
        }
    }

    @Test func `no folder holds more than 20 files of code`() throws {
        let files = try Repository.files(in: Self.folders, endings: Self.code)
        for (folder, members) in Dictionary(grouping: files, by: \.folder) {
            #expect(members.count <= Self.maxFilesInFolder, "\(folder) has \(members.count) files")
        }
    }

    @Test func `no type hides behind a vague word`() throws {
        for file in try Repository.files(in: ["Sources", "SDK/Swift"], endings: [".swift"]) {
            for line in file.lines {
                let words = line.split(separator: " ")
                guard
                    let kind = words.firstIndex(where: {
                        ["struct", "class", "enum", "actor", "protocol"].contains($0)
                    }), words.count > kind + 1, !line.contains("//"), !line.contains("\"")
                else { continue }
                let name = words[kind + 1].prefix { $0.isLetter || $0.isNumber }
                #expect(!Self.vagueWords.contains { name.hasSuffix($0) }, "\(file.path): \(name)")
            }
        }
    }

    @Test func `every package and public type says what it is`() throws {
        for file in try Repository.files(in: ["Sources", "SDK/Swift"], endings: [".swift"]) {
            let lines = file.lines
            for (number, line) in lines.enumerated() {
                guard line.hasPrefix("package ") || line.hasPrefix("public "),
                    ["struct ", "class ", "enum ", "actor ", "protocol "].contains(where: {
                        line.contains($0)
                    }),
                    !line.contains("func "), !line.contains("var "), !line.contains("let "),
                    !line.contains(": Identifier {"), !line.contains("extension ")
                else { continue }
                let before = lines[..<number].last { !$0.hasPrefix("@") }
                #expect(before?.hasPrefix("///") == true, "\(file.path):\(number + 1) has no comment")
            }
        }
    }
}
