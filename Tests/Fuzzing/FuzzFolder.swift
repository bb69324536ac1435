internal import Foundation

/// A folder of this process for parsers that open files; it goes with the process.
enum FuzzFolder {
    static let path: String = {
        let path = NSTemporaryDirectory() + "/tenon-fuzz-\(getpid())"
        // Without it every run of the target fails, and says so.
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: FuzzFolder.path) }
        return path
    }()

    /// Writes a file that replaces the one of that name.
    static func write(_ bytes: [UInt8], as name: String) -> String {
        let path = "\(path)/\(name)"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        let written = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
        if file < 0 || written != bytes.count { broken("the fuzzer can write \(path)") }
        return path
    }
}
