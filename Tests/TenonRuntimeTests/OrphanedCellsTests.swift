import Foundation
import TenonTestKit
import Testing

@testable import TenonRuntime

/// What a host that was killed leaves behind.
@Suite(.timeLimit(.minutes(1)))
struct OrphanedCellsTests {
    /// A cell of which only a second thread is still alive.
    private static let halfDead = """
        #include <pthread.h>
        #include <unistd.h>
        static void *stay(void *unused) {
            (void)unused;
            for (;;) pause();
        }
        int main(void) {
            pthread_t thread;
            if (pthread_create(&thread, 0, stay, 0)) return 1;
            pthread_exit(0);
        }
        """

    private static func run(_ program: String, _ arguments: [String], in place: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: place)
        try process.run()
        return process
    }

    @Test func `a cell whose first thread is dead counts until its last one is`() async throws {
        let directory = TemporaryDirectory()
        let place = directory.file("run/cell-1-1")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let (source, program) = (directory.file("half-dead.c"), directory.file("tenon-cell"))
        try Self.halfDead.write(toFile: source, atomically: true, encoding: .utf8)
        let compiler = try Self.run(
            "/usr/bin/env", ["cc", "-o", program, source, "-lpthread"], in: directory.file(""))
        compiler.waitUntilExit()
        try #require(compiler.terminationStatus == 0)

        let cell = try Self.run(program, [], in: place)
        defer { kill(cell.processIdentifier, SIGKILL) }
        let first = "/proc/\(cell.processIdentifier)/stat"
        #expect(
            try await EngineHost.wait {
                (try? String(contentsOfFile: first, encoding: .utf8))?.contains(") Z ") == true
            })
        let run = directory.file("run")
        let orphans = OrphanedCells(runDirectory: run)
        #expect(orphans.exist)
        #expect(!OrphanedCells(runDirectory: directory.file("other")).exist)
        kill(cell.processIdentifier, SIGKILL)
        #expect(try await EngineHost.wait { !orphans.exist })
    }
}
