import Foundation

/// A `tenon` whose output is looked at while it runs.
struct FollowedCommand {
    /// When it is ended although it has not: a test does not wait for ever.
    private static let patience: Duration = .seconds(120)
    private let process = Process()
    private let output = Pipe()
    let errors = Pipe()
    /// What is typed on its terminal.
    private let keys = Pipe()

    init(program: String = Products.tenon, _ arguments: [String]) {
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = errors
    }

    /// The same on a terminal of 80 columns.
    init(onTerminal arguments: [String], _ variables: [String: String]) {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["python3", "-c", "import pty, sys; pty.spawn(sys.argv[1:])", Products.tenon] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["NO_COLOR"] = nil
        environment["TERM"] = "xterm"
        process.environment = environment.merging(variables) { $1 }
        process.standardOutput = output
        process.standardInput = keys
    }

    func type(_ text: String) throws { try keys.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    /// Runs it and answers all that it printed, and how it ended. Calls `act` once, with what is printed so
    /// far, as soon as `isEnough` says so.
    func run(
        until isEnough: (String) -> Bool, then act: (pid_t) async throws -> Void
    ) async throws -> Ended {
        try process.run()
        let patience = Task {
            try await Task.sleep(for: Self.patience)
            process.terminate()
        }
        defer { patience.cancel() }
        var data = Data()
        var hasActed = false
        while true {
            let part = await Self.read(output.fileHandleForReading) { $0.availableData }
            if part.isEmpty { break }
            data += part
            guard !hasActed, isEnough(String(decoding: data, as: UTF8.self)) else { continue }
            hasActed = true
            try await act(process.processIdentifier)
        }
        process.waitUntilExit()
        return Ended(
            exitCode: process.terminationStatus, output: String(decoding: data, as: UTF8.self), errors: "")
    }

    /// Reading blocks, so it has a thread of its own.
    static func read(_ handle: FileHandle, _ how: @escaping @Sendable (FileHandle) -> Data) async -> Data {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: how(handle)) }
        }
    }
}
