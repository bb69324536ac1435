import Foundation

/// The checkout that these tests read.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File {
        /// Relative to the root.
        let path: String
        let text: String
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var name: String { String(path.split(separator: "/").last ?? "") }
        var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    }

    /// The files below `folders` whose names end in one of `endings`; build folders are left out.
    static func files(in folders: [String], endings: [String]) throws -> [File] {
        try folders.flatMap { folder -> [File] in
            let base = root.appending(path: folder)
            guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
            return try walk.compactMap { $0 as? String }.sorted()
                .filter { path in endings.contains { path.hasSuffix($0) } && !path.contains(".build/") }
                .map { path in
                    let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
                    return File(path: "\(folder)/\(path)", text: text)
                }
        }
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
}
