internal import Foundation
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonTestKit
internal import Testing

/// A folder that becomes a package: the fixture connector `ledger`, changed as a test needs it.
struct PackageFolder {
    let temporary = TemporaryDirectory()
    var path: String { temporary.file("folder") }

    /// `change` edits the manifest; `library` is the source below Tests/Fixtures/Connectors that is compiled.
    init(library: String = "ledger", change: (inout JSONObject) -> Void = { _ in }) throws {
        let files = FileManager.default
        let home = "Tests/Fixtures/Connectors/\(library)"
        try files.createDirectory(
            atPath: path + "/lib/\(Manifest.platform)", withIntermediateDirectories: true)
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: home + "/connector.json")))
        var manifest = try JSONParser.parse(bytes).object ?? [:]
        change(&manifest)
        try Data(JSONWriter.bytes(.object(manifest), isIndented: true)).write(
            to: URL(fileURLWithPath: path + "/connector.json"))
        try Data("# \(library)\n".utf8).write(to: URL(fileURLWithPath: path + "/README.md"))
        try files.copyItem(
            atPath: try CompiledLibraries.path(of: library),
            toPath: path + "/lib/\(Manifest.platform)/\(library).so")
    }

    /// The packed file.
    func packed(as name: String = "fixture.tenon") throws -> String {
        let output = temporary.file(name)
        try PackageArchive.pack(folder: path, output: output)
        return output
    }
}

/// Fixture connectors, compiled once for each run of the tests.
enum CompiledLibraries {
    private static let folder = TemporaryDirectory()
    private static let lock = NSLock()

    static func path(of name: String) throws -> String {
        lock.lock()
        defer { lock.unlock() }
        let output = folder.file(name + ".so")
        if FileManager.default.fileExists(atPath: output) { return output }
        let arguments = [
            "-std=c11", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-I", "SDK/C/include",
            "-Wl,--version-script=SDK/C/exports.map", "Tests/Fixtures/Connectors/\(name)/\(name).c", "-o",
            output,
        ]
        try Shell.run("/usr/bin/cc", arguments)
        return output
    }
}

enum Shell {
    struct Failure: Error {
        let text: String
    }

    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: text) }
        return text
    }
}

/// The error that `body` throws, as code and message.
func failure(_ body: () throws -> Void) -> TenonError? {
    do {
        try body()
        return nil
    } catch {
        return error as? TenonError
    }
}
