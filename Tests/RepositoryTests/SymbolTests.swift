import Foundation
import Testing

/// What the built objects show to the dynamic linker.
struct SymbolTests {
    /// The folder of the built products: the one this test bundle lies in.
    private static var products: URL {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    }

    private static func output(of tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(tool) \(arguments)")
        return String(decoding: data, as: UTF8.self)
    }

    @Test(arguments: ["sqlite", "http"])
    func `a connector exports one symbol and nothing else`(name: String) throws {
        let library = Self.products.appending(path: "stage/\(name)/lib/linux-x86_64/\(name).so").path
        try #require(
            FileManager.default.fileExists(atPath: library), "run make connectors CONFIGURATION=debug")
        let symbols = try Self.output(of: "nm", ["-D", "--defined-only", "--format=just-symbols", library])
        #expect(symbols.split(separator: "\n") == ["tenon_connector"])
    }

    @Test func `a cell links neither Foundation nor a shared Swift runtime`() throws {
        let cell = Self.products.appending(path: "tenon-cell").path
        try #require(FileManager.default.fileExists(atPath: cell))
        let needed = try Self.output(of: "readelf", ["-d", cell]).split(separator: "\n").filter {
            $0.contains("NEEDED")
        }
        #expect(!needed.contains { $0.contains("Foundation") || $0.contains("libswift") }, "\(needed)")
    }
}
