internal import ArgumentParser
internal import Foundation
internal import TenonClient
internal import TenonJSON

struct ConnectorInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Install a package into the running host.",
        discussion: "Example:\n  tenon connector install http-1.0.0.tenon --allow-unsigned")

    @Argument(help: "A .tenon file.")
    var file: String
    @Flag(help: "Accept a package without signature.")
    var allowUnsigned = false
    @Flag(help: "Allow this package to run inside the host process, where a crash of it ends the host.")
    var inHost = false
    @Flag(help: "Accept a version older than the newest installed.")
    var allowDowngrade = false
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        // `try?`: a file whose size cannot be read is not there for this command.
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard let size = attributes?[.size] as? Int64 ?? (attributes?[.size] as? Int).map(Int64.init) else {
            throw CommandFailure(
                .notFound, "There is no file \(file).", advice: "tenon connector pack FOLDER makes one")
        }
        let options = [
            ("allowUnsigned", allowUnsigned), ("inHost", inHost), ("allowDowngrade", allowDowngrade),
        ]
        let package = try await connection.client.install(
            UploadFile(path: file, byteCount: size), options: options.filter(\.1).map(\.0))
        if connection.json { return Output.json(["package": package]) }
        let name = package["name"]?.string ?? ""
        Output.line("installed \(name) \(package["version"]?.string ?? "")")
        Output.line("next:  tenon deploy \(name) --project PROJECT --as INTEGRATION --set key=value")
    }
}
