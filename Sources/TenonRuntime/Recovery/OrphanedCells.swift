internal import Glibc

/// The cells of an earlier host of the same data directory. The kernel kills them with their host, but one
/// that is writing to a disk dies only when that is done, and may commit until then: a target is not asked
/// what it holds before.
enum OrphanedCells {
    private static let programName = "tenon-cell"

    /// Whether one is left.
    static func exist(runDirectory: String) -> Bool {
        guard let processes = opendir("/proc") else { return false }
        defer { closedir(processes) }
        let own = "\(runDirectory)/cell-\(getpid())-"
        while let entry = readdir(processes) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { text in
                text.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let number = Int32(name), number != getpid() else { continue }
            guard let place = directory(ofCell: number) else { continue }
            if place.hasPrefix(runDirectory + "/cell-"), !place.hasPrefix(own) { return true }
        }
        return false
    }

    /// Where a cell works: a directory that its host has made for it. Nil: it is no cell, or it is gone.
    private static func directory(ofCell number: Int32) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let comm = open("/proc/\(number)/comm", O_RDONLY | O_CLOEXEC)
        guard comm >= 0 else { return nil }
        let length = read(comm, &buffer, 64)
        close(comm)
        guard length > 0 else { return nil }
        let program = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard program.hasPrefix(programName) else { return nil }
        let count = readlink("/proc/\(number)/cwd", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
