internal import Glibc
internal import TenonModel
internal import TenonStore

/// The folder of installed packages: `sha256/<digest>/`, immutable and named by what is in it.
struct ContentStore: Sendable {
    private let root: String

    init(dataDirectory: String) {
        root = DataDirectory.connectors(in: dataDirectory)
        // Where this fails, `place` says so.
        mkdir(root + "/sha256", 0o700)
    }

    func folder(of digest: Digest) -> String { "\(root)/sha256/\(digest.rawValue)" }

    /// An empty folder for an installation under way.
    func makeIncoming() throws(TenonError) -> String {
        var template = Array((root + "/incoming-XXXXXX").utf8CString)
        guard let path = mkdtemp(&template) else { throw failure("make a folder in \(root)") }
        return String(cString: path)
    }

    /// Moves a complete package to its place; all or nothing.
    func place(_ content: String, as digest: Digest) throws(TenonError) {
        let target = folder(of: digest)
        // Left over from an installation that was not recorded: nobody uses it.
        FolderTree.remove(target)
        FolderTree.protect(content)
        // A folder without write permission cannot be renamed: its entry ".." changes.
        chmod(content, 0o755)
        guard rename(content, target) == 0 else { throw failure("move the package to \(target)") }
        chmod(target, 0o555)
        FolderTree.sync(root + "/sha256")
    }

    func remove(_ digest: Digest) { FolderTree.remove(folder(of: digest)) }

    /// Removes what an interrupted installation or removal left behind. A folder that cannot be listed keeps
    /// what is in it until the next start: it costs space only.
    func removeLeftovers(keeping digests: Set<String>) {
        for name in (try? FolderTree.names(in: root)) ?? [] where name.hasPrefix("incoming-") {
            FolderTree.remove(root + "/" + name)
        }
        for name in (try? FolderTree.names(in: root + "/sha256")) ?? [] where !digests.contains(name) {
            FolderTree.remove(root + "/sha256/" + name)
        }
    }

    private func failure(_ verb: String) -> TenonError {
        let code: ErrorCode = errno == ENOSPC ? .storeFull : .packageNotWritten
        return TenonError(code, "Cannot \(verb): \(String(cString: strerror(errno))).")
    }
}
