internal import Glibc
internal import Synchronization

/// The cells of earlier hosts of the same data directory. The kernel kills them with their host, but one
/// that is writing to a disk dies only when that is done, and may commit until then: a target is not asked
/// what it holds before. All pipelines that go on after a start of the host share one.
final class OrphanedCells: Sendable {
    private static let programName = "tenon-cell"

    private let runDirectory: String
    /// Once none is left there is none ever again: this host's own cells work elsewhere.
    private let areGone = Mutex(false)

    init(runDirectory: String) { self.runDirectory = runDirectory }

    /// Whether one is left.
    var exist: Bool {
        areGone.withLock { areGone in
            if !areGone { areGone = !look() }
            return !areGone
        }
    }

    private func look() -> Bool {
        Self.numbers(in: "/proc").contains { number in
            number != getpid() && Self.isCell(number) && isOrphan(number)
        }
    }

    /// A cell's first thread may be dead while another one still writes, and only a living thread has a
    /// working directory.
    private func isOrphan(_ process: Int32) -> Bool {
        let own = "\(runDirectory)/cell-\(getpid())-"
        return Self.numbers(in: "/proc/\(process)/task").contains { thread in
            guard let place = Self.directory(ofThread: "/proc/\(process)/task/\(thread)") else {
                return false
            }
            return place.hasPrefix(runDirectory + "/cell-") && !place.hasPrefix(own)
        }
    }

    private static func numbers(in path: String) -> [Int32] {
        guard let entries = opendir(path) else { return [] }
        defer { closedir(entries) }
        var numbers: [Int32] = []
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { text in
                text.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int32(name) { numbers.append(number) }
        }
        return numbers
    }

    private static func isCell(_ process: Int32) -> Bool {
        let comm = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
        guard comm >= 0 else { return false }
        defer { close(comm) }
        var buffer = [UInt8](repeating: 0, count: 64)
        let length = read(comm, &buffer, buffer.count)
        return length > 0 && String(decoding: buffer[..<length], as: UTF8.self).hasPrefix(programName)
    }

    /// Where a thread of a cell works: a directory that its host has made for it. Nil: it is gone.
    private static func directory(ofThread path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path + "/cwd", &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
