internal import Foundation
internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import Testing

/// The JSON Schema test suite, for the schemas whose keywords Tenon knows. Others must be refused, not
/// misjudged.
@Suite struct ConformanceTests {
    private static let folder = "../shared/conformance/json-schema/draft2020-12"
    /// May not fall.
    private static let leastPassed = 454

    private struct Tally {
        var passed = 0
        var failures: [String] = []
        var refusedGroups = 0
        var refusedTests = 0
    }

    @Test func `the suite's groups within the supported keywords all pass`() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? []
        guard !names.isEmpty else {
            print("json-schema: skipped, \(Self.folder) is not there")
            return
        }
        var tally = Tally()
        for name in names.sorted() where name.hasSuffix(".json") {
            let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/\(name)")))
            let groups = try JSONParser.parse(bytes, maxDepth: 200, duplicateKeys: .lastWins).array ?? []
            for group in groups { judge(group, file: name, into: &tally) }
        }
        print(
            "json-schema: \(tally.passed) passed, \(tally.failures.count) failed, \(tally.refusedTests) tests skipped "
                + "(\(tally.refusedGroups) groups use keywords that manifests may not)")
        #expect(tally.failures == [])
        #expect(tally.passed >= Self.leastPassed)
    }

    private func judge(_ group: JSON, file: String, into tally: inout Tally) {
        let tests = group["tests"]?.array ?? []
        guard let schema = try? JSONSchema(group["schema"] ?? .null) else {
            tally.refusedGroups += 1
            tally.refusedTests += tests.count
            return
        }
        for test in tests {
            let isValid = schema.problems(in: test["data"] ?? .null).isEmpty
            if isValid == test["valid"]?.bool {
                tally.passed += 1
            } else {
                tally.failures.append(
                    "\(file): \(group["description"]?.string ?? ""): \(test["description"]?.string ?? "")")
            }
        }
    }
}
