internal import Foundation

/// A directory that is removed when the value goes away.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("tenon-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            fatalError("no temporary directory at \(path): \(error)")
        }
    }

    // `try?`: what stays lies in the temporary directory of the system.
    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func file(_ name: String) -> String { path + "/" + name }
}
