import Foundation
import TenonTestKit
import Testing

/// The built executables, beside the test bundle.
enum Products {
    static let directory: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (path as NSString).deletingLastPathComponent
    }()
    static let tenon = directory + "/tenon"

    /// A first-party package, which `make connectors CONFIGURATION=debug` leaves here.
    static func package(_ connector: String) throws -> String {
        let folder = directory + "/connectors"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let name = try #require(
            names.first { $0.hasPrefix(connector + "-") && $0.hasSuffix(".tenon") },
            "\(folder) has no \(connector) package: make connectors CONFIGURATION=debug")
        return folder + "/" + name
    }
}

/// A command that has ended.
struct Ended {
    var exitCode: Int32
    var output: String
    var errors: String
}

/// Runs `tenon` with `arguments`, and `input` in a pipe. Blocks, so it has a thread of its own.
func tenon(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil
) async throws -> Ended {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Products.tenon)
    process.arguments = arguments
    var variables = ProcessInfo.processInfo.environment
    for name in ["TENON_URL", "TENON_DATA", "TENON_TOKEN"] { variables[name] = nil }
    process.environment = variables.merging(environment) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let given = Pipe()
    if input != nil { process.standardInput = given }
    try process.run()
    if let input {
        // A command may end without reading all of it.
        try? given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try given.fileHandleForWriting.close()
    }
    // A command that should have ended must not stop the tests.
    let patience = Task {
        try await Task.sleep(for: .seconds(60))
        process.terminate()
    }
    defer { patience.cancel() }
    return await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            let errorText = Reading(errors.fileHandleForReading)
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            continuation.resume(
                returning: Ended(
                    exitCode: process.terminationStatus, output: text, errors: errorText.wait()))
        }
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reading: @unchecked Sendable {
    // Invariant: written before `done` is signalled, read after.
    private var text = ""
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            text = String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
            done.signal()
        }
    }

    func wait() -> String {
        done.wait()
        return text
    }
}
