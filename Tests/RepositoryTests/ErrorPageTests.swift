import Testing

/// Every stable error code has a page, and every page a code.
struct ErrorPageTests {
    private static func declaredCodes() throws -> Set<String> {
        let pattern = /ErrorCode\(\s*"([a-z0-9.-]+)"/
        let files = try Repository.files(in: ["Sources"], endings: [".swift"])
        return Set(files.flatMap { file in file.text.matches(of: pattern).map { String($0.1) } })
    }

    /// Codes of errors and of warnings, wherever they stand.
    private static func mentionedCodes() throws -> Set<String> {
        let pattern = /"([a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+)"/
        let files = try Repository.files(in: ["Sources"], endings: [".swift"])
        return Set(files.flatMap { file in file.text.matches(of: pattern).map { String($0.1) } })
    }

    private static func pages() throws -> [String: Repository.File] {
        let files = try Repository.files(in: ["Sources/TenonDocs/Errors"], endings: [".md"])
        return Dictionary(uniqueKeysWithValues: files.map { (String($0.name.dropLast(3)), $0) })
    }

    @Test func `codes and pages match`() throws {
        let codes = try Self.declaredCodes()
        let pages = try Set(Self.pages().keys)
        #expect(codes.subtracting(pages).sorted() == [], "codes without a page")
        #expect(pages.subtracting(try Self.mentionedCodes()).sorted() == [], "pages without a code")
        #expect(codes.count > 40)
    }

    @Test func `a page says in whole sentences what happened and what to do`() throws {
        for (code, page) in try Self.pages() {
            let body = page.lines.dropFirst().joined(separator: " ")
            #expect(page.lines.first == "# \(code)", "\(page.path)")
            #expect(body.count { $0 == "." } >= 2, "\(page.path) is too short")
        }
    }

    @Test func `codes are words with dashes, joined by a dot`() throws {
        for code in try Self.declaredCodes() {
            #expect(code.wholeMatch(of: /[a-z]+(-[a-z]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+/) != nil, "\(code)")
        }
    }
}
