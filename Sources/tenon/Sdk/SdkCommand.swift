internal import ArgumentParser
internal import Foundation
internal import TenonClient

struct SdkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sdk", abstract: "What connector authors need.", subcommands: [SdkExportCommand.self])
}

struct SdkExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the SDK that this host speaks into a directory.",
        discussion: "Example:\n  tenon sdk export ./sdk && cc -I ./sdk/C/include …")

    @Argument(help: "A directory that does not exist yet, or is empty.")
    var directory: String

    func run() async throws {
        let source = try Installation.sdk()
        let files = FileManager.default
        // `try?`: one that does not exist is made; one that cannot be read refuses the copy below.
        let existing = (try? files.contentsOfDirectory(atPath: directory)) ?? []
        guard existing.isEmpty else {
            throw CommandFailure(
                .refused, "The directory \(directory) is not empty.", advice: "Name a new one.")
        }
        try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for name in try files.contentsOfDirectory(atPath: source) where !name.hasPrefix(".") {
            try files.copyItem(atPath: source + "/" + name, toPath: directory + "/" + name)
        }
        Output.line("The SDK is in \(directory); begin with \(directory)/README.md.")
    }
}
