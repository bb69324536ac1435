internal import Glibc
internal import TenonModel

/// The folders of a data directory.
package enum DataDirectory {
    package static func database(in directory: String) -> String { directory + "/tenon.db" }
    package static func connectors(in directory: String) -> String { directory + "/connectors" }
    package static func keys(in directory: String) -> String { directory + "/keys" }
    package static func run(in directory: String) -> String { directory + "/run" }

    /// Makes what is missing, readable by its owner only, and answers the absolute path.
    static func make(at directory: String) throws(TenonError) -> String {
        try makeFolders(to: directory)
        guard let resolved = realpath(directory, nil) else { throw failure("open", directory) }
        defer { free(resolved) }
        let path = String(cString: resolved)
        for folder in [connectors(in: path), keys(in: path), run(in: path)] { try makeFolder(folder) }
        // SQLite would make the file readable by everybody.
        let descriptor = open(database(in: path), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("open", database(in: path)) }
        close(descriptor)
        return path
    }

    private static func makeFolders(to path: String) throws(TenonError) {
        var position = path.startIndex
        while let slash = path[position...].dropFirst().firstIndex(of: "/") {
            try makeFolder(String(path[..<slash]))
            position = slash
        }
        try makeFolder(path)
    }

    private static func makeFolder(_ path: String) throws(TenonError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> TenonError {
        let code: ErrorCode = errno == ENOSPC ? .storeFull : .storeUnavailable
        return TenonError(code, "Cannot \(verb) \(path): \(systemMessage(errno)). Choose another --data.")
    }
}
