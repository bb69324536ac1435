import Foundation
import TenonJSON
import TenonTestKit
import Testing

/// Packages that a host must not take: each is refused with its code and a sentence that says what to do.
struct BadPackageTests {
    struct Case: Sendable {
        var package: Package
        var code: String
        var advice: String
        var status: Int64 = 422
    }
    enum Package: Sendable {
        /// The package of a connector in `Tests/Fixtures`.
        case fixture(String)
        /// A good package, changed afterwards by these statements.
        case changed(String)
        case ofOtherArchitecture
    }

    private static func manifest(_ text: String) -> Package {
        .changed(
            "UPDATE sqlar SET data = CAST('\(text)' AS BLOB), sz = \(text.utf8.count) WHERE \(isManifest)")
    }
    private static func file(_ name: String, mode: String = "33188", size: Int64 = 1) -> Package {
        .changed("INSERT INTO sqlar VALUES ('\(name)', \(mode), 0, \(size), CAST('A' AS BLOB))")
    }
    private static let isManifest = "name = 'connector.json'"

    static let cases: [Case] = [
        Case(package: manifest(#"{"a":"#), code: "manifest.malformed", advice: "line 1, column 6"),
        Case(package: manifest(#"{"a":1}"#), code: "manifest.invalid", advice: "Correct what is shown"),
        Case(
            package: .ofOtherArchitecture, code: "library.architecture", advice: "this machine needs x86_64"),
        Case(package: .fixture("broken-symbol"), code: "library.symbol", advice: "exports.map"),
        Case(package: .fixture("broken-abi"), code: "library.abi", advice: "Build it with this SDK"),
        Case(package: .fixture("broken-null"), code: "library.function", advice: "Set every function"),
        Case(package: .fixture("broken-create"), code: "package.load-failed", advice: "tenon connector run"),
        Case(
            package: .fixture("broken-promise"), code: "package.capabilities",
            advice: "Correct the one or the other"),
        Case(package: file("../evil"), code: "package.parent-path", advice: "within the package"),
        Case(package: file("lib/../../evil"), code: "package.parent-path", advice: "within the package"),
        Case(package: file("/evil"), code: "package.absolute-path", advice: "within the package"),
        Case(package: file("link", mode: "41471"), code: "package.link", advice: "files and folders only"),
        Case(
            package: .changed("UPDATE sqlar SET sz = sz - 1 WHERE \(isManifest)"), code: "package.bomb",
            advice: "Do not trust this package"),
        Case(
            package: file("big", size: 99_999_999_999), code: "package.too-large",
            advice: "Leave out what it does not need", status: 413),
    ]

    @Test func `every bad package is refused, and nothing of it is installed`() async throws {
        let host = try ServedHost()
        for (index, bad) in Self.cases.enumerated() {
            let folder = host.directory.file("case-\(index)")
            let package = try await Self.make(bad.package, in: folder)
            let ended = try await host.run(["connector", "install", package, "--allow-unsigned", "--json"])
            let problem = (try? JSONParser.parse(ended.output)) ?? .null
            let detail = problem["detail"]?.string ?? ""
            #expect(ended.exitCode == 4, "\(bad)")
            #expect(problem["status"] == .int(bad.status), "\(bad): \(detail)")
            #expect(problem["code"]?.string == bad.code, "\(bad): \(detail)")
            #expect(detail.contains(bad.advice), "\(bad): \(detail)")
            #expect(!detail.contains(host.data), "the host's own paths: \(detail)")
            #expect(ended.errors.contains("code:  \(bad.code)"), "\(ended.errors)")
        }
        let list = try await host.run(["connector", "list", "--json"])
        #expect(try JSONParser.parse(list.output)["packages"] == [])
        let content = try FileManager.default.subpathsOfDirectory(atPath: host.data + "/connectors")
        #expect(content.filter { $0.hasSuffix("connector.json") || $0.hasSuffix(".so") } == [])
        #expect(await host.stop() == 0)
    }

    @Test func `a broken manifest is not packed`() async throws {
        let directory = TemporaryDirectory()
        try #"{"name": "x", "version": "1.0.0"}"#.write(
            toFile: directory.file("connector.json"), atomically: true, encoding: .utf8)
        let ended = try await tenon(["connector", "pack", directory.path, "--output", directory.path])
        #expect(ended.exitCode == 4)
        #expect(ended.errors.contains("/configSchema: is required"), "\(ended.errors)")
        #expect(ended.errors.contains("code:  manifest.invalid"), "\(ended.errors)")
    }

    /// Makes the package and answers its path.
    private static func make(_ package: Package, in folder: String) async throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch package {
        case .fixture(let name): return try await pack(Fixtures.packageFolder(name), name, in: folder)
        case .changed(let statements):
            let path = try await pack(Fixtures.packageFolder("counter"), "counter", in: folder)
            try await sqlite3(path, statements)
            return path
        case .ofOtherArchitecture:
            let copy = folder + "/counter"
            try FileManager.default.copyItem(atPath: Fixtures.packageFolder("counter"), toPath: copy)
            let library = URL(filePath: copy + "/lib/linux-x86_64/counter.so")
            var bytes = try Data(contentsOf: library)
            // The machine in the ELF header: 183 is AArch64.
            bytes[18] = 183
            try bytes.write(to: library)
            return try await pack(copy, "counter", in: folder)
        }
    }

    private static func pack(_ source: String, _ name: String, in folder: String) async throws -> String {
        let ended = try await tenon(["connector", "pack", source, "--output", folder])
        try #require(ended.exitCode == 0, "\(ended.errors)")
        return folder + "/\(name)-1.0.0.tenon"
    }
}
