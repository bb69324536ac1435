import TenonJSON
import Testing

@Suite(.serialized)
struct DemoTests {
    @Test func `the demo's rows all equal what sqlite3 answers over the vault`() async throws {
        let ended = try await tenon(["demo", "--json"])
        try #require(ended.exitCode == 0, "\(ended.errors)")
        let report = try JSONParser.parse(ended.output)
        #expect(report["designs"] == 20_000)
        #expect(report["rowsThatDiffer"] == 0)
        #expect(report["rowsCompared"] == report["activeDesigns"])
        #expect((report["rowsCompared"]?.int ?? 0) > 5000)
        #expect(report["simulations"]?.array?.count == 1)
    }

    @Test func `one changed row makes the demo fail`() async throws {
        let ended = try await tenon(["demo", "--corrupt", "--designs", "500"])
        #expect(ended.exitCode == 1)
        #expect(ended.errors.contains("1 of the rows in the ERP differ"), "\(ended.errors)")
    }
}
