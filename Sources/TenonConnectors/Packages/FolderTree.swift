internal import Glibc

/// Folders with all that is in them. Links are never followed.
enum FolderTree {
    /// The names in a folder, hidden ones too, in no order.
    static func names(in folder: String) throws(FileBytes.Failure) -> [String] {
        guard let stream = opendir(folder) else {
            throw FileBytes.Failure(message: "\(folder): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Every folder at or below `path`, parents first.
    private static func folders(at path: String) -> [String] {
        var found = [path]
        var position = 0
        while position < found.count {
            let folder = found[position]
            position += 1
            // A folder that cannot be listed is treated as empty; removing it then fails, and it stays.
            for name in (try? names(in: folder)) ?? [] where isFolder(folder + "/" + name) {
                found.append(folder + "/" + name)
            }
        }
        return found
    }

    private static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Takes the right to write from every folder; files have been written without it.
    static func protect(_ path: String) {
        for folder in folders(at: path).reversed() { chmod(folder, 0o555) }
    }

    /// Removes the tree as far as possible; what is left is tried again at the next start.
    static func remove(_ path: String) {
        guard isFolder(path) else {
            unlink(path)
            return
        }
        chmod(path, 0o700)
        let folders = folders(at: path)
        for folder in folders { chmod(folder, 0o700) }
        // Folders that could not be listed before may have appeared now; listing again costs little.
        for folder in self.folders(at: path).reversed() {
            for name in (try? names(in: folder)) ?? [] { unlink(folder + "/" + name) }
            rmdir(folder)
        }
    }

    /// Makes the names in a folder durable.
    static func sync(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
