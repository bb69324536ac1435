import Foundation
import TenonConformance
import Testing

/// The third-party suites, where their data is present. Misses stand with their reasons in `misses.md`, what
/// may not fall in `counts.md`.
@Suite struct ConformanceTests {
    /// Rows of a Markdown table beside this file, without its head.
    private static func rows(of name: String) throws -> [[String]] {
        let url = SharedData.project.appending(path: "Tests/ConformanceTests/\(name)")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        return lines.filter { $0.hasPrefix("| ") }.dropFirst().filter { !$0.hasPrefix("|-") }.map { line in
            line.dropFirst().dropLast().split(separator: " | ", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `every suite passes as often as before, and each miss is named with its reason`() throws {
        guard let data = SharedData.path() else { return }
        let report = ConformanceReport.make(of: data)
        for outcome in report.outcomes { print("conformance: \(outcome.line)") }
        #expect(report.problems == [])

        let reasons = try Self.rows(of: "misses.md")
        let named = Set(reasons.filter { $0.count == 3 && !$0[2].isEmpty }.map { "\($0[0]) \($0[1])" })
        let found = Set(
            report.outcomes.flatMap { outcome in outcome.misses.map { "\(outcome.name) \($0.id)" } })
        for miss in found.subtracting(named).sorted() { Issue.record("a miss without a reason: \(miss)") }
        for miss in named.subtracting(found).sorted() { Issue.record("no miss any more: \(miss)") }

        let counts = try Self.rows(of: "counts.md")
        #expect(Set(counts.map { $0[0] }) == Set(report.outcomes.map(\.name)))
        for outcome in report.outcomes {
            let least = counts.first { $0[0] == outcome.name }.flatMap { Int($0[1]) }
            #expect(outcome.passed >= least ?? .max, "\(outcome.name)")
            #expect(outcome.reachesGoal, "\(outcome.name)")
        }
    }

    @Test func `a folder without cases, or with a file that is not JSON, is said to be so`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "conformance-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // Scratch of this test only.
        try FileManager.default.createDirectory(
            at: folder.appending(path: "semver"), withIntermediateDirectories: true)
        #expect(!ConformanceReport.make(of: folder.path).isGood)
        try Data("[{".utf8).write(to: folder.appending(path: "semver/cases.json"))
        let report = ConformanceReport.make(of: folder.path)
        #expect(report.problems.contains { $0.hasPrefix("semver:") })
    }

    /// A folder with these files, for one test.
    private func folder(_ files: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "conformance-\(UUID().uuidString)")
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }

    private static let cronRow = #"{"op": "parse", "spec": "0 2 * * *", "valid": true}"#
    private static let referring = #"""
        [{"description": "g", "schema": {"$ref": "http://localhost:1234/a.json"},
          "tests": [{"description": "t", "data": "x", "valid": false}]}]
        """#

    @Test
    func `the data alone decides which suites run; of the common folder only remote documents are read`()
        throws
    {
        let common = try folder([
            "cron/rows.json": "[\(Self.cronRow)]", "json-schema/remotes/a.json": #"{"type": "integer"}"#,
            "json-schema/draft2020-12/other.json": "[]",
        ])
        let data = try folder(["json-schema/draft2020-12/ref.json": Self.referring])
        let empty = try folder(["readme.txt": ""])
        defer {
            // Scratch of this test only.
            for folder in [common, data, empty] { try? FileManager.default.removeItem(at: folder) }
        }
        let report = ConformanceReport.make(of: data.path, common: common.path)
        #expect(report.outcomes.map(\.name) == ["json-schema/draft2020-12"])
        #expect(report.outcomes.map(\.passed) == [1] && report.isGood)
        #expect(!ConformanceReport.make(of: data.path).isGood)
        #expect(!ConformanceReport.make(of: empty.path, common: common.path).isGood)
    }

    @Test func `what cannot be judged is no success`() throws {
        let odd = #"{"op": "guess", "spec": "0 2 * * *"}"#
        let dialect = #"{"op": "parse", "spec": "x", "dialect": true}"#
        func isGood(_ rows: String...) throws -> Bool {
            let data = try folder(["cron/rows.json": "[\(rows.joined(separator: ","))]"])
            defer { try? FileManager.default.removeItem(at: data) }  // Scratch of this test only.
            return ConformanceReport.make(of: data.path).isGood
        }
        #expect(try isGood(Self.cronRow))
        #expect(try isGood(Self.cronRow, dialect))
        #expect(try !isGood(dialect))
        #expect(try !isGood(odd))
        #expect(try !isGood(Self.cronRow, odd))
    }
}
