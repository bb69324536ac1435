import Foundation

/// What the kernel says a process holds.
enum ProcessMemory {
    struct NotFound: Error {
        var name: String
    }

    /// Proportional set size of the child of this process with this executable.
    static func proportionalMegabytes(ofChildNamed name: String) throws -> Double {
        let own = "\(ProcessInfo.processInfo.processIdentifier)"
        for process in try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init)
            .sorted(by: >)
        {
            // A process may end while it is looked at.
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe"),
                let parent = stat.split(separator: ")").last?.split(separator: " ").dropFirst().first
            else { continue }
            if parent == own, path.hasSuffix("/" + name) { return try proportionalMegabytes(of: process) }
        }
        throw NotFound(name: name)
    }

    static func proportionalMegabytes(of process: Int32) throws -> Double {
        let rollup = try String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
        let line = rollup.split(separator: "\n").first { $0.hasPrefix("Pss:") } ?? ""
        let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return kilobytes / 1024
    }
}
