internal import Foundation
internal import TenonClient

/// What lies beside the executable: the cell, the first-party connectors, the SDK.
enum Installation {
    /// The directory of this executable, links followed. Where /proc is not mounted, it is the working
    /// directory.
    static let directory: String = {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (path as NSString).deletingLastPathComponent
    }()

    /// The executable `tenon-cell`.
    static func cellPath() throws -> String {
        let path = ProcessInfo.processInfo.environment["TENON_CELL"] ?? directory + "/tenon-cell"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw CommandFailure(
                .failed, "There is no tenon-cell at \(path), and connectors run in it.", advice: "make build")
        }
        return path
    }

    /// The newest package of a first-party connector.
    static func package(of connector: String) throws -> String {
        let folder = ProcessInfo.processInfo.environment["TENON_CONNECTORS"] ?? directory + "/connectors"
        // `try?`: a folder that cannot be listed has no packages to offer, which is said below.
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let matches = files.filter { $0.hasPrefix(connector + "-") && $0.hasSuffix(".tenon") }
        guard let newest = matches.max(by: { $0.compare($1, options: .numeric) == .orderedAscending }) else {
            throw CommandFailure(
                .failed, "There is no package \(connector)-*.tenon in \(folder).",
                advice: "make build   (or set TENON_CONNECTORS to the folder of the packages)")
        }
        return folder + "/" + newest
    }

    /// The page about an error code: installed beside the executable, or in the checkout that it was built
    /// in.
    static func errorPage(_ code: String) -> String? {
        let folders = [directory + "/share/errors"] + ancestors.map { $0 + "/Sources/TenonDocs/Errors" }
        let page = folders.lazy.compactMap { FileManager.default.contents(atPath: "\($0)/\(code).md") }.first
        return page.map { String(decoding: $0, as: UTF8.self) }
    }

    /// This executable's directory and those that it lies in.
    private static var ancestors: [String] {
        Array(
            sequence(first: directory) { path in
                path == "/" ? nil : (path as NSString).deletingLastPathComponent
            })
    }

    /// The SDK that this host speaks: installed beside it, or in the checkout that it was built in.
    static func sdk() throws -> String {
        let beside = [directory + "/share/sdk", directory + "/../share/tenon/sdk"]
        for folder in beside + ancestors.map({ $0 + "/SDK" })
        where FileManager.default.fileExists(atPath: folder + "/C/include/tenon") {
            return folder
        }
        throw CommandFailure(
            .failed, "The SDK is not beside the executable (\(directory)/share/sdk).", advice: "make build")
    }
}
