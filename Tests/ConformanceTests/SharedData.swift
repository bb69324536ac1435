import Foundation
import Testing

/// The data of the third-party suites, which lies beside the project where it is present.
enum SharedData {
    static let project = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL
    private static let folder = project.appending(path: "../shared").standardizedFileURL

    /// The path of the data; nil where there is none, which is a failure in CI.
    static func path() -> String? {
        let data = folder.appending(path: "conformance").path
        if FileManager.default.fileExists(atPath: data) { return data }
        print("conformance: skipped, there is no data at \(data)")
        let isMissed =
            ProcessInfo.processInfo.environment["CI"] == "true"
            && FileManager.default.fileExists(atPath: folder.path)
        #expect(!isMissed, "the data must be there in CI")
        return nil
    }
}
