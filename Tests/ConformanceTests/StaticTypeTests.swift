import Foundation
import TenonConformance
import Testing

/// Types that the checker deduces beside the values of the third-party suite, where its data is present.
@Suite struct StaticTypeTests {
    @Test func `every value of the suite has the type that was deduced before`() throws {
        let data = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../shared/conformance").standardizedFileURL
        guard let result = try CELSuite.mistypedCases(ConformanceData(path: data.path)) else {
            print("conformance: skipped, there is no data at \(data.path)")
            return
        }
        #expect(result.count > 700)
        for problem in result.problems { Issue.record("\(problem)") }
    }
}
