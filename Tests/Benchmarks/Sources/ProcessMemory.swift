import Foundation

/// What the kernel says a process holds.
enum ProcessMemory {
    struct NotFound: Error {
        var name: String
    }

    /// Proportional set size of the child of this process with this executable.
    static func proportionalMegabytes(ofChildNamed name: String) throws -> Double {
        for process in try children(of: ProcessInfo.processInfo.processIdentifier).sorted(by: >) {
            // `try?`: a process may end while it is looked at.
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
            if path?.hasSuffix("/" + name) == true { return try proportionalMegabytes(of: process) }
        }
        throw NotFound(name: name)
    }

    /// The processes that this one has started.
    static func children(of parent: Int32) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init).filter {
            process in
            // `try?`: a process may end while it is looked at.
            let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            let fields = stat?.split(separator: ")").last?.split(separator: " ")
            return fields?.dropFirst().first == "\(parent)"
        }
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
