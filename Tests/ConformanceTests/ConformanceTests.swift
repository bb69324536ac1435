import TenonConformance
import Testing

@Suite struct ConformanceTests {
    @Test func `every suite names its folder once`() {
        let folders = ConformanceSuites.all.map { $0.folder }
        #expect(Set(folders).count == folders.count)
    }
}
