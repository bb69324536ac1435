internal import CZlib
internal import Glibc
internal import TenonConnectorKit

/// What is committed in a target file, and by whom; kept beside it in `.tenon/<name>.journal`.
///
/// Each record is one line, a CRC-32 and a JSON object: a line that an interruption cut does not count, so
/// that adding one is all or nothing. While the journal is open it is locked: one writer a file at a time, in
/// all processes.
///
///     {"begin": L, "file": i}      rows are being added to the file with inode i behind its first L bytes
///     {"part": true}               rows are being written to the part file
///     {"job": j, "sequence": n, "length": L, "file": i, "part": b, "time": t}
///                                  committed: the file has L bytes; with b, the part file takes its place
///     {"job": j, "sequence": n, "reached": L, "in": i, "time": t}
///                                  the same in a journal that was written anew
///     {"end": true}                no writer is open
final class TargetJournal {
    /// A job's last commit.
    struct Commit {
        var sequence: UInt64
        /// Seconds since 1970.
        var time: Int
        /// Bytes that the file had then, and its inode; nil where an older journal does not say.
        var length: Int?
        var inode: UInt64?
    }

    /// What the records say.
    struct State {
        var jobs: [String: Commit] = [:]
        /// Bytes that count, while a writer is open.
        var openLength: Int?
        /// The inode of the file that they are in.
        var inode: UInt64 = 0
        /// A commit has decided that the part file takes the target's place.
        var hasPendingPart = false
    }

    private(set) var state: State
    private var descriptor: Int32
    private let path: String
    private let isDurable: Bool
    /// Bytes of whole lines.
    private var length: Int

    /// A longer journal is written anew when it is opened.
    private static let maxBytes = 64 << 10
    /// Jobs whose last commit is older are forgotten.
    private static let keptSeconds = 30 * 24 * 3600

    private init(_ descriptor: Int32, path: String, isDurable: Bool, _ bytes: [UInt8]) {
        self.descriptor = descriptor
        self.path = path
        self.isDurable = isDurable
        var state = State()
        length = state.replay(bytes)
        self.state = state
    }

    deinit { close(descriptor) }

    /// Opens and locks the journal; `.conflict` where another writer has it.
    static func open(path: String, isDurable: Bool) throws(ConnectorError) -> TargetJournal {
        let descriptor = try openLocked(path)
        let bytes: [UInt8]
        do throws(ConnectorError) {
            bytes = try contents(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        let journal = TargetJournal(descriptor, path: path, isDurable: isDurable, bytes)
        // A line that was cut must not stand in front of the next one.
        guard ftruncate(descriptor, off_t(journal.length)) == 0 else { throw systemFailure("written", path) }
        // A new journal must be found after an interruption.
        if bytes.isEmpty { try journal.writeOutName() }
        if journal.length > maxBytes, !journal.state.hasPendingPart { try journal.compact() }
        return journal
    }

    /// Locks the file that has the name at the end: another one may have taken its place meanwhile.
    private static func openLocked(_ path: String) throws(ConnectorError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw systemFailure("opened", path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                var error = ConnectorError(
                    .conflict, "Another job is writing to the file of \(path); try again when it has ended.",
                    effect: .notApplied)
                error.errorClass = .transient
                throw error
            }
            var held = stat()
            var named = stat()
            if fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino {
                return descriptor
            }
            close(descriptor)
        }
    }

    private static func contents(_ descriptor: Int32, _ path: String) throws(ConnectorError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemFailure("read", path) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw systemFailure("read", path) }
        bytes.removeSubrange(count...)
        return bytes
    }

    /// Adds a record, durably where that is wanted. After an error it is not there, unless the effect is
    /// unknown.
    func add(_ record: JSONValue) throws(ConnectorError) {
        let line = Self.line(record)
        let written = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(length)) }
        guard written == line.count else {
            let error = systemFailure(written < 0 ? errno : ENOSPC, "written", path)
            // What stands there in part is cut off when the journal is opened, too.
            _ = ftruncate(descriptor, off_t(length))
            throw error
        }
        if isDurable, fdatasync(descriptor) != 0 {
            throw systemFailure(errno, "written", path, effect: .unknown)
        }
        length += line.count
        state.apply(record)
    }

    private func writeOutName() throws(ConnectorError) {
        guard isDurable, let slash = path.lastIndex(of: "/") else { return }
        try writeOutEntries(of: String(path[..<slash]))
    }

    /// Writes what counts to a new file, locks it, and gives it the name: whoever has the old one open finds
    /// out when it gets that lock. A journal that stays long is no failure.
    private func compact() throws(ConnectorError) {
        let temporary = path + ".new"
        let fresh = Glibc.open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard fresh >= 0 else { return }
        let lines = compacted()
        let written = lines.withUnsafeBytes { write(fresh, $0.baseAddress, $0.count) }
        guard written == lines.count, fdatasync(fresh) == 0, flock(fresh, LOCK_EX | LOCK_NB) == 0,
            rename(temporary, path) == 0
        else {
            unlink(temporary)
            close(fresh)
            return
        }
        close(descriptor)
        descriptor = fresh
        length = lines.count
        // What is added from here on is lost where the old file has the name again.
        try writeOutName()
    }

    private func compacted() -> [UInt8] {
        let limit = Self.now() - Self.keptSeconds
        var lines: [UInt8] = []
        for (job, last) in state.jobs where last.time >= limit {
            let sequence = Int64(clamping: last.sequence)
            lines += Self.line([
                "job": .string(job), "sequence": .int(sequence), "time": .int(Int64(last.time)),
                "reached": last.length.map { .int(Int64($0)) } ?? .null,
                "in": last.inode.map { .int(Int64(bitPattern: $0)) } ?? .null,
            ])
        }
        if let openLength = state.openLength {
            lines += Self.line([
                "begin": .int(Int64(openLength)), "file": .int(Int64(bitPattern: state.inode)),
            ])
        }
        return lines
    }

    static func now() -> Int { time(nil) }

    private static func line(_ record: JSONValue) -> [UInt8] {
        let text = record.bytes
        let checksum = text.withUnsafeBytes {
            crc32(0, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32($0.count))
        }
        let digits = String(checksum, radix: 16)
        let padded = String(repeating: "0", count: 8 - digits.utf8.count) + digits
        return Array(padded.utf8) + [0x20] + text + [0x0A]
    }

    fileprivate static func record(_ line: ArraySlice<UInt8>) -> JSONValue? {
        guard line.count > 9 else { return nil }
        let text = String(decoding: line.dropFirst(9), as: UTF8.self)
        // A line that was cut or damaged is no record, whatever is wrong with it.
        guard let record = try? JSONValue(parsing: text), Self.line(record).dropLast() == line else {
            return nil
        }
        return record
    }
}

extension TargetJournal.State {
    /// Takes the records of a journal and answers how many bytes of it count.
    mutating func replay(_ bytes: [UInt8]) -> Int {
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            guard let record = TargetJournal.record(bytes[start..<end]) else { break }
            apply(record)
            start = end + 1
        }
        return start
    }

    mutating func apply(_ record: JSONValue) {
        if let job = record["job"]?.string, let sequence = record["sequence"]?.int {
            let inode = record["file"]?.int ?? record["in"]?.int
            jobs[job] = TargetJournal.Commit(
                sequence: UInt64(clamping: sequence), time: record["time"]?.int ?? 0,
                length: record["length"]?.int ?? record["reached"]?.int,
                inode: inode.map { UInt64(bitPattern: Int64($0)) })
        }
        if let length = record["begin"]?.int ?? record["length"]?.int {
            openLength = length
            inode = UInt64(bitPattern: Int64(record["file"]?.int ?? 0))
            hasPendingPart = record["part"]?.bool ?? false
        } else if record["job"] == nil {
            openLength = nil
            hasPendingPart = false
        }
    }
}
