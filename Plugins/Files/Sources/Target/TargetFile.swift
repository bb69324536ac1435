internal import Glibc
internal import TenonConnectorKit

/// The file that a writer fills, and what of it is committed.
///
///     opened --begin, the file is new or replaced--> part ------first commit----> in place
///     opened --begin, the file has rows to keep----> in place --commit---------> in place
///
/// A new file is filled beside its place and takes it by `rename` at the first commit. Rows that are added to
/// a file go to its end at once, behind what is committed; they are cut off again by `rollback`, and after an
/// interruption by the next opening.
final class TargetFile {
    private enum Place { case opened, part, inPlace }

    let path: String
    private let partPath: String
    private let folderPath: String
    private let isDurable: Bool
    private let journal: TargetJournal
    private var place = Place.opened
    /// The journal says, or may say, what has not been done yet: only the next opening can tell.
    private(set) var isInDoubt = false
    /// The file is no longer the one that the last commit left.
    private var isChangedByOthers = false
    private var descriptor: Int32 = -1
    private var inode: UInt64 = 0
    /// Bytes that are committed, and bytes that are there.
    private(set) var committedLength = 0
    private(set) var length = 0
    /// Bytes that the system was told to write out.
    private var flushedLength = 0
    /// What is still to be written out by a commit should not be much.
    private static let flushBytes = 8 << 20

    /// Opens the file's journal and settles what an interruption has left.
    init(path: String, isDurable: Bool) throws(ConnectorError) {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let name = path[path.index(after: slash)...]
        folderPath = slash == path.startIndex ? "/" : String(path[..<slash])
        let side = path[..<slash] + "/.tenon"
        if try Self.makeFolder(String(side)), isDurable { try writeOutEntries(of: folderPath) }
        self.path = path
        self.isDurable = isDurable
        partPath = "\(side)/\(name).part"
        journal = try TargetJournal.open(path: "\(side)/\(name).journal", isDurable: isDurable)
        try settle()
    }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    /// False where it is there already.
    private static func makeFolder(_ path: String) throws(ConnectorError) -> Bool {
        guard mkdir(path, 0o755) != 0 else { return true }
        let code = errno
        var status = stat()
        guard code == EEXIST, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw systemFailure(code, "made", path)
        }
        return false
    }

    func sequence(of job: String) -> UInt64 { journal.state.jobs[job]?.sequence ?? 0 }

    /// Whether the file is there and has all that was in it at the job's last commit.
    func hasRows(of job: String) -> Bool {
        guard !isChangedByOthers, let file = Self.identity(path) else { return false }
        guard let last = journal.state.jobs[job] else { return true }
        return file.length >= last.length ?? 0 && last.inode.map { $0 == file.inode } ?? true
    }

    // MARK: after an interruption

    private func settle() throws(ConnectorError) {
        let state = journal.state
        guard let openLength = state.openLength else { return }
        if state.hasPendingPart, let part = Self.identity(partPath), part.inode == state.inode {
            try putInPlace(effect: .unknown)
        }
        guard let file = Self.identity(path), file.inode == state.inode, file.length >= openLength else {
            isChangedByOthers = true
            return
        }
        if file.length > openLength { try cut(openLength) }
        try journal.add(["end": true])
    }

    /// Cuts the file off, for good before the journal says that it ends there.
    private func cut(_ length: Int) throws(ConnectorError) {
        let file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw systemFailure("opened", path) }
        defer { Glibc.close(file) }
        guard ftruncate(file, off_t(length)) == 0, !isDurable || fsync(file) == 0 else {
            throw systemFailure("cut", path)
        }
    }

    private static func identity(_ path: String) -> (inode: UInt64, length: Int)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (UInt64(status.st_ino), Int(status.st_size))
    }

    private func putInPlace(effect: ConnectorError.Effect) throws(ConnectorError) {
        guard rename(partPath, path) == 0 else {
            throw systemFailure(errno, "put in place", path, effect: effect)
        }
        if isDurable { try writeOutEntries(of: folderPath, effect: effect) }
    }

    // MARK: writing

    /// Whether a transaction was begun since opening.
    var hasBegun: Bool { place != .opened }

    /// Prepares for the first row: `keeping` adds to the file that is there.
    func begin(keeping: Bool) throws(ConnectorError) {
        if keeping {
            descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { throw systemFailure("opened", path) }
            try learnIdentity(path)
            committedLength = length
            flushedLength = length
            try journal.add(["begin": .int(Int64(length)), "file": .int(Int64(bitPattern: inode))])
            place = .inPlace
            return
        }
        try journal.add(["part": true])
        descriptor = open(partPath, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw systemFailure("made", partPath) }
        try learnIdentity(partPath)
        // Whoever could read and write the old file can do so with the new one.
        var old = stat()
        if stat(path, &old) == 0 { _ = fchmod(descriptor, old.st_mode & 0o7777) }
        place = .part
    }

    private func learnIdentity(_ path: String) throws(ConnectorError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemFailure("read", path) }
        inode = UInt64(status.st_ino)
        length = Int(status.st_size)
    }

    /// The last byte of what is there; nil where nothing is.
    func lastByte() throws(ConnectorError) -> UInt8? {
        guard length > 0 else { return nil }
        var byte: UInt8 = 0
        guard pread(descriptor, &byte, 1, off_t(length - 1)) == 1 else { throw systemFailure("read", path) }
        return byte
    }

    /// Writes bytes to the end. After an error some of them may be there; only `rollback` may follow.
    func append(_ bytes: UnsafeRawBufferPointer) throws(ConnectorError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(length))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw systemFailure(count < 0 ? errno : ENOSPC, "written", path, effect: .unknown)
            }
            done += count
            length += count
        }
        guard isDurable, length - flushedLength >= Self.flushBytes else { return }
        // Only begins to write, so that the commit has less to wait for; it is the commit that must succeed.
        beginWritingOut(descriptor, from: flushedLength, to: length)
        flushedLength = length
    }

    /// Makes all bytes durable together with the sequence.
    func commit(job: String, sequence: UInt64) throws(ConnectorError) {
        if isDurable, fdatasync(descriptor) != 0 { throw systemFailure("written", path) }
        let isPart = place == .part
        let record: JSONValue = [
            "job": .string(job), "sequence": .int(Int64(clamping: sequence)), "length": .int(Int64(length)),
            "file": .int(Int64(bitPattern: inode)), "part": .bool(isPart),
            "time": .int(Int64(TargetJournal.now())),
        ]
        do throws(ConnectorError) {
            try journal.add(record)
        } catch {
            isInDoubt = error.effect != .notApplied
            throw error
        }
        committedLength = length
        guard isPart else { return }
        isInDoubt = true
        try putInPlace(effect: .unknown)
        isInDoubt = false
        place = .inPlace
    }

    /// Cuts off what is not committed.
    func rollback() throws(ConnectorError) {
        guard place != .opened, !isInDoubt, length != committedLength else { return }
        guard ftruncate(descriptor, off_t(committedLength)) == 0 else { throw systemFailure("cut", path) }
        length = committedLength
        flushedLength = min(flushedLength, length)
    }

    /// Undoes what is not committed and says that nobody writes any more. Where that fails, the next opening
    /// does it.
    func close() {
        guard place != .opened, !isInDoubt else { return }
        // `try?`: it says only whether there is something left for the next opening.
        if place == .part {
            unlink(partPath)
        } else if (try? rollback()) == nil || isDurable && fsync(descriptor) != 0 {
            return
        }
        // The next opening finds out otherwise.
        try? journal.add(["end": true])
        place = .opened
    }
}
