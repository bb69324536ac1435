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

    /// The resident size, which is never smaller, where the proportional one may not be read: a host lets
    /// nobody look into it.
    static func proportionalMegabytes(of process: Int32) throws -> Double {
        let rollup = try? String(contentsOfFile: "/proc/\(process)/smaps_rollup", encoding: .utf8)
        let facts = try rollup ?? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let lines = facts.split(separator: "\n")
        let line = lines.first { $0.hasPrefix("Pss:") || $0.hasPrefix("VmRSS:") } ?? ""
        let words = line.split(whereSeparator: \.isWhitespace)
        let kilobytes = words.dropFirst().first.flatMap { Double($0) } ?? 0
        return kilobytes / 1024
    }
}
