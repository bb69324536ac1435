internal import ArgumentParser
internal import Foundation
internal import TenonClient
internal import TenonConnectors
internal import TenonVersion
internal import TenonJSON

struct ConnectorPackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Make a package of a folder; needs no host.",
        discussion: "Example:\n  tenon connector pack ./my-connector --output dist")

    @Argument(help: "A folder with connector.json and lib/<platform>/*.so.")
    var folder: String
    @Option(help: "The folder that gets NAME-VERSION.tenon.")
    var output = "."
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        guard let bytes = FileManager.default.contents(atPath: folder + "/connector.json") else {
            throw CommandFailure(
                .notFound, "There is no manifest \(folder)/connector.json.",
                advice: "Name the connector's folder.")
        }
        let manifest = try Manifest.parse(Array(bytes))
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let path = "\(output)/\(manifest.name)-\(manifest.version.description).tenon"
        try PackageArchive.pack(folder: folder, output: path)
        if json { return Output.json(["package": ["name": .string(manifest.name), "path": .string(path)]]) }
        Output.line("packed \(path)")
        Output.line("next:  tenon connector install \(path) --allow-unsigned")
    }
}
