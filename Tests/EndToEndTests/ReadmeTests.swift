import Foundation
import TenonTestKit
import Testing

/// The repository's README, followed to the letter.
struct ReadmeTests {
    @Test func `the commands of the README install, deploy, apply and run`() async throws {
        let readme = try String(contentsOfFile: Fixtures.root + "/README.md", encoding: .utf8)
        let mark = try #require(readme.range(of: "In a second terminal"))
        let commands = try SDKSampleTests.block(nil, "sh", in: String(readme[mark.upperBound...]))
        _ = try Products.package("sqlite")
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
        #expect(FileManager.default.fileExists(atPath: folder + "/erp.db"))
        #expect(await host.stop() == 0)
    }
}
