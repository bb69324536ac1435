import TenonConformance
import Testing

/// Types that the checker deduces beside the values of the third-party suite, where its data is present.
@Suite struct StaticTypeTests {
    @Test func `every value of the suite has the type that was deduced before`() throws {
        guard let data = SharedData.path() else { return }
        let result = try #require(try CELSuite.mistypedCases(ConformanceData(path: data)))
        #expect(result.count > 700)
        for problem in result.problems { Issue.record("\(problem)") }
    }
}
