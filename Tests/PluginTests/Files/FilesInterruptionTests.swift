import Foundation
import TenonTestKit
import Testing

/// The target in a process that is interrupted before each operation by which it changes files.
@Suite(.serialized)
struct FilesInterruptionTests {
    private static let program = Fixtures.program("FilesJob/files_job.c")
    private static let library = Fixtures.swiftConnector("files")
    private static let commits = 3
    private static let old = "value\nold\n"

    /// What a job of `commits` commits leaves.
    private static func expected(_ mode: String) -> String {
        let rows = (1...commits).flatMap { commit in (0..<2000).map { "\(commit).\($0)\n" } }.joined()
        return (mode == "append" ? old : "value\n") + rows
    }

    private struct Ended {
        var isKilled: Bool
        var exitCode: Int32
        var operations: Int?
    }

    /// Runs the job, or goes on with it, and interrupts it before the given operation (0: never).
    private func run(_ folder: String, _ mode: String, _ how: String, at operation: Int) throws -> Ended {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = [
            Self.library, "{\"path\":\"\(folder)\"}",
            "{\"job\":\"j\",\"stream\":\"t.csv\",\"mode\":\"\(mode)\"}", "\(Self.commits)", how,
            "\(operation)",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Ended(
            isKilled: process.terminationReason == .uncaughtSignal, exitCode: process.terminationStatus,
            operations: Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private func folder() -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        let isMade = FileManager.default.createFile(
            atPath: directory.file("t.csv"), contents: Data(Self.old.utf8))
        #expect(isMade)
        return directory
    }

    private func text(_ directory: TemporaryDirectory) -> String {
        String(
            decoding: FileManager.default.contents(atPath: directory.file("t.csv")) ?? Data(), as: UTF8.self)
    }

    private func operationCount(_ mode: String) throws -> Int {
        let directory = folder()
        let whole = try run(directory.path, mode, "kill", at: 0)
        #expect(text(directory) == Self.expected(mode))
        return try #require(whole.operations)
    }

    @Test(arguments: ["append", "overwrite"])
    func `a job that is killed before any operation goes on to the same file`(mode: String) throws {
        let count = try operationCount(mode)
        #expect(count > 12)
        for operation in 1...count {
            let directory = folder()
            #expect(try run(directory.path, mode, "kill", at: operation).isKilled)
            if mode == "overwrite" {
                let seen = text(directory)
                #expect(seen == Self.old || seen.hasPrefix("value\n1.0\n"), "operation \(operation)")
            }
            let again = try run(directory.path, mode, "kill", at: 0)
            #expect(again.exitCode == 0)
            #expect(text(directory) == Self.expected(mode), "operation \(operation)")
        }
    }

    @Test(arguments: ["append", "overwrite"])
    func `a job that is killed again while it settles goes on to the same file`(mode: String) throws {
        let count = try operationCount(mode)
        for operation in stride(from: 3, through: count, by: 3) {
            let directory = folder()
            for step in [operation, 1, 2, 3] { _ = try run(directory.path, mode, "kill", at: step) }
            #expect(try run(directory.path, mode, "kill", at: 0).exitCode == 0)
            #expect(text(directory) == Self.expected(mode), "operation \(operation)")
        }
    }

    @Test(arguments: ["append", "overwrite"])
    func `a full disk is said so, loses nothing that is committed, and the job goes on`(mode: String) throws {
        let count = try operationCount(mode)
        for operation in 1...count {
            let directory = folder()
            let ended = try run(directory.path, mode, "full", at: operation)
            #expect(ended.exitCode == 0, "operation \(operation)")
            #expect(text(directory) == Self.expected(mode), "operation \(operation)")
        }
    }
}
