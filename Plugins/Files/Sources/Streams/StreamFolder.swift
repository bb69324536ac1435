internal import Glibc
internal import TenonConnectorKit

/// The configured folder, or the one configured file, and the names of streams in it. No name leads out of
/// the folder: not by "..", not by an absolute path, not over a symbolic link.
struct StreamFolder: Sendable {
    /// Absolute, without links.
    let root: String
    /// The name of the only stream where a file was configured.
    let onlyFile: String?

    private static let maxDepth = 8
    private static let maxFiles = 10_000

    /// Looks at what was configured; a file that does not exist yet is one if its name has an ending and
    /// its folder exists.
    init(path: String) throws(ConnectorError) {
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT == S_IFDIR {
            root = try Self.realPath(path)
            onlyFile = nil
            return
        }
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.utf8.startIndex
        let name = String(path[path.index(after: slash)...])
        guard exists || name.utf8.contains(UInt8(ascii: ".")) else {
            throw systemFailure(ENOENT, "opened", path)
        }
        root = try Self.realPath(slash == path.startIndex ? "/" : String(path[..<slash]))
        onlyFile = name
    }

    private static func realPath(_ path: String) throws(ConnectorError) -> String {
        guard let resolved = realpath(path, nil) else { throw systemFailure("opened", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    func path(of name: String) -> String { root == "/" ? "/" + name : root + "/" + name }

    /// Checks that `name` can only be below the folder by the way it is written.
    func checkName(_ name: String) throws(ConnectorError) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && !name.utf8.contains(0)
        guard !name.isEmpty, isPlain else {
            throw Self.refusal(name, "its name must be relative, without \".\" and \"..\"")
        }
        if let onlyFile, onlyFile != name {
            throw ConnectorError(
                .notFound, "The stream \"\(name)\" does not exist: the instance has only \"\(onlyFile)\".",
                effect: .notApplied)
        }
    }

    /// Checks that what `path`, which exists, leads to over links is below the folder.
    func checkLinks(_ path: String, stream: String) throws(ConnectorError) {
        let resolved = try Self.realPath(path)
        guard resolved == root || resolved.hasPrefix(root == "/" ? "/" : root + "/") else {
            throw Self.refusal(stream, "a link leads out of the folder")
        }
    }

    static func refusal(_ stream: String, _ why: String) -> ConnectorError {
        ConnectorError(
            .invalidArgument, "The stream \"\(stream)\" cannot be used: \(why).", effect: .notApplied,
            fieldPath: "/stream")
    }

    // MARK: listing

    /// The names of all files below the folder, sorted; hidden ones are left out.
    func files() throws(ConnectorError) -> [String] {
        if let onlyFile { return [onlyFile] }
        var names: [String] = []
        try list("", depth: Self.maxDepth, into: &names)
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func list(_ folder: String, depth: Int, into names: inout [String]) throws(ConnectorError) {
        guard depth > 0, let directory = opendir(path(of: folder)) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.utf8.first == UInt8(ascii: ".") { continue }
            let relative = folder.isEmpty ? name : folder + "/" + name
            switch kind(relative) {
            case S_IFDIR: try list(relative, depth: depth - 1, into: &names)
            case S_IFREG: names.append(relative)
            default: continue
            }
            guard names.count <= Self.maxFiles else {
                throw ConnectorError(
                    .resourceExhausted,
                    "\(root) has more than \(Self.maxFiles) files; name a smaller folder.",
                    effect: .notApplied)
            }
        }
    }

    /// The type of a file; a link counts as what it leads to only if that is a file of the folder.
    private func kind(_ name: String) -> mode_t {
        var status = stat()
        guard lstat(path(of: name), &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFLNK else { return status.st_mode & S_IFMT }
        // A link that leads elsewhere is no stream; naming it says why.
        guard (try? checkLinks(path(of: name), stream: name)) != nil, stat(path(of: name), &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return 0 }
        return S_IFREG
    }

    /// The files that the stream stands for: the one of that name, or all that match it as a pattern
    /// (`*`, `?`, `[...]`; `*` stays in its folder), sorted by name.
    func files(of stream: String) throws(ConnectorError) -> [String] {
        try checkName(stream)
        var status = stat()
        if stat(path(of: stream), &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw Self.refusal(stream, "it is no file") }
            try checkLinks(path(of: stream), stream: stream)
            return [stream]
        }
        let isPattern = stream.utf8.contains { "*?[".utf8.contains($0) }
        let matching = isPattern ? try files().filter { fnmatch(stream, $0, FNM_PATHNAME) == 0 } : []
        guard !matching.isEmpty else { throw try missing(stream, isPattern: isPattern) }
        return matching
    }

    private func missing(_ stream: String, isPattern: Bool) throws(ConnectorError) -> ConnectorError {
        let known = try files().prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
        return ConnectorError(
            .notFound,
            "\(isPattern ? "No file matches" : "There is no file") \"\(stream)\" in \(root); "
                + (known.isEmpty ? "the folder is empty." : "there are \(known)."),
            effect: .notApplied, fieldPath: "/stream")
    }
}
