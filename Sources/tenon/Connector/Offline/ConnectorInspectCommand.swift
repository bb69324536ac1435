internal import ArgumentParser
internal import TenonClient
internal import TenonConnectors
internal import TenonVersion
internal import TenonJSON
internal import TenonLoader
internal import TenonModel

struct ConnectorInspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a package or library says of itself; nothing of it is loaded.",
        discussion:
            "Example:\n  tenon connector inspect http-1.0.0.tenon\n  tenon connector inspect ./libmine.so")

    @Argument(help: "A .tenon package or a shared object.")
    var path: String
    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let body = path.hasSuffix(".tenon") ? try inspectPackage() : try inspectLibrary()
        json ? Output.json(body) : Facts(body).print()
    }

    private func inspectPackage() throws -> JSON {
        let package = try PackageArchive.inspect(path: path)
        let manifest = package.manifest
        let files = package.entries.map { entry -> JSON in
            ["name": .string(entry.name), "size": .int(entry.byteCount)]
        }
        return [
            "name": .string(manifest.name), "version": .string(manifest.version.description),
            "title": .string(manifest.title), "description": .string(manifest.description),
            "type": .string(manifest.type.rawValue), "abi": .string(manifest.abi),
            "digest": .string(package.digest.rawValue), "size": .int(package.byteCount),
            "capabilities": .array(manifest.capabilities.map { .string($0) }),
            "actions": .array(manifest.actions.map { .string($0.name) }), "files": .array(files),
        ]
    }

    private func inspectLibrary() throws -> JSON {
        let library = try LibraryInspection(path: path)
        return [
            "path": .string(path), "architecture": .string(library.architecture),
            "isConnector": .bool(library.exportsEntry),
            "exports": .array(library.exportedSymbols.map { .string($0) }),
            "needs": .array(library.neededLibraries.map { .string($0) }),
        ]
    }
}
