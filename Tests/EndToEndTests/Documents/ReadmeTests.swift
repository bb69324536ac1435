import Foundation
import TenonTestKit
import Testing

/// The repository's README, followed to the letter.
struct ReadmeTests {
    @Test func `the commands of the README install, deploy, apply and run`() async throws {
        let readme = try String(contentsOfFile: Fixtures.root + "/README.md", encoding: .utf8)
        let mark = try #require(readme.range(of: "In a second terminal"))
        let files = try #require(readme.range(of: "A pipeline over files"))
        let commands = try [mark, files].map {
            try SDKSampleTests.block(nil, "sh", in: String(readme[$0.upperBound...]))
        }.joined()
        for connector in ["sqlite", "files"] { _ = try Products.package(connector) }
        let host = try ServedHost()
        let folder = host.directory.path
        try FileManager.default.createDirectory(atPath: folder + "/.build", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/.build/release", withDestinationPath: Products.directory)

        let ended = try await SDKSampleTests.shell(
            commands, in: folder, ["HOME": folder, "TENON_DATA": host.data])
        #expect(ended.exitCode == 0, "\(ended.output)")
        #expect(ended.output.contains("sqlite 1.0.0"), "\(ended.output)")
        #expect(ended.output.contains("workflow created  Count tables"), "\(ended.output)")
        #expect(ended.output.contains("completed  Report"), "\(ended.output)")
        #expect(ended.output.contains("0 2 * * MON-FRI  Europe/Berlin  active"), "\(ended.output)")
        #expect(FileManager.default.fileExists(atPath: folder + "/erp.db"))
        #expect(ended.output.contains("pipeline created  Active designs"), "\(ended.output)")
        #expect(ended.output.contains(#"  filter     status equals "active""#), "\(ended.output)")
        let lines = [7, 9].map { #"{"id":\#($0),"status":"active","cost":\#($0 == 7 ? "10.5" : "7.25")}"# }
        #expect(ended.output.hasSuffix(lines.joined(separator: "\n") + "\n"), "\(ended.output)")
        #expect(await host.stop() == 0)
    }
}
