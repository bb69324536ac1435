import Foundation
import TenonConnectors
import TenonTestKit

/// The package of the connector `files`, from the shared object that `swift build --product files` makes.
enum FilesPackage {
    static let library: String? = {
        let path = (Fixtures.cellPath as NSString).deletingLastPathComponent + "/libfiles.so"
        let manifest = Fixtures.root + "/Plugins/Files/connector.json"
        let files = FileManager.default
        guard files.fileExists(atPath: path), files.fileExists(atPath: manifest) else {
            print("the connector files is not built: pipelines between files are not tested")
            return nil
        }
        return path
    }()

    static func pack(into directory: TemporaryDirectory) throws -> String {
        let folder = directory.file("files")
        let library = folder + "/lib/linux-x86_64"
        let files = FileManager.default
        try files.createDirectory(atPath: library, withIntermediateDirectories: true)
        try files.copyItem(
            atPath: Fixtures.root + "/Plugins/Files/connector.json", toPath: folder + "/connector.json")
        try "Files".write(toFile: folder + "/README.md", atomically: true, encoding: .utf8)
        guard let built = Self.library else { throw CocoaError(.fileNoSuchFile) }
        try files.copyItem(atPath: built, toPath: library + "/files.so")
        let package = directory.file("files.tenon")
        try PackageArchive.pack(folder: folder, output: package)
        return package
    }
}
