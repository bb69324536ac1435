import Foundation

/// What the kernel says a process holds.
enum ProcessMemory {
    struct NotFound: Error {
        var name: String
    }

    /// Proportional set size of the child of this process with this executable.
    static func proportionalMegabytes(ofChildNamed name: String) throws -> Double {
        let own = ProcessInfo.processInfo.processIdentifier
        let children = try String(contentsOfFile: "/proc/\(own)/task/\(own)/children", encoding: .utf8)
        for child in children.split(separator: " ").reversed() {
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(child)/exe")
            if path?.hasSuffix("/" + name) == true { return try proportionalMegabytes(of: Int32(child) ?? 0) }
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
