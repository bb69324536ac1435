internal import CPlatform
internal import Glibc
internal import TenonTransport

/// Takes away from this process what a connector does not need, before the connector is loaded.
enum Confinement {
    /// Applies everything that the machine offers and answers what is in force.
    static func apply(_ setup: Setup) -> [String] {
        var inForce = ["own process group", "clean environment", "parent death signal"]
        func note(_ name: String, _ result: Int32) { if result == 0 { inForce.append(name) } }
        let isHidden = hideDataDirectory(setup)
        note("no new privileges", tp_no_new_privileges())
        note("data directory hidden", isHidden ? 0 : -1)
        note("landlock version \(tp_landlock_version())", landlock(setup, isHidden: isHidden))
        note("system calls filtered", tp_seccomp())
        note(
            "memory limit \(setup.memoryBytes >> 20) MiB",
            tp_limit(Int32(RLIMIT_AS.rawValue), setup.memoryBytes))
        note("open file limit \(setup.openFiles)", tp_limit(Int32(RLIMIT_NOFILE.rawValue), setup.openFiles))
        note("no core dumps", tp_limit(Int32(RLIMIT_CORE.rawValue), 0))
        return inForce
    }

    private static func hideDataDirectory(_ setup: Setup) -> Bool {
        guard !setup.deniedDirectory.isEmpty else { return false }
        let kept = [setup.readOnlyDirectory, setup.ownDirectory].filter { !$0.isEmpty }
        let readOnly = kept.map { Int32($0 == setup.readOnlyDirectory ? 1 : 0) }
        return withTexts(kept) {
            tp_hide_directory(setup.deniedDirectory, $0, readOnly, Int32(kept.count)) == 0
        }
    }

    /// Where the directory is hidden, Landlock keeps it so; else it allows everything beside the directory.
    /// Then files that are made later right in one of its parents stay out of reach: that is the price
    /// without mount namespaces.
    private static func landlock(_ setup: Setup, isHidden: Bool) -> Int32 {
        var allowed = ["/"]
        if !isHidden, !setup.deniedDirectory.isEmpty {
            allowed = Self.beside(setup.deniedDirectory)
            allowed += [setup.readOnlyDirectory, setup.ownDirectory].filter { !$0.isEmpty }
        }
        return withTexts(allowed) { tp_landlock($0, Int32(allowed.count)) }
    }

    /// Everything that is not above, in or below `path`.
    private static func beside(_ path: String) -> [String] {
        var allowed: [String] = []
        var parent = ""
        for part in path.split(separator: "/") {
            let names = entries(of: parent.isEmpty ? "/" : parent)
            allowed += names.filter { $0 != part }.map { parent + "/" + $0 }
            parent += "/" + part
        }
        return allowed
    }

    private static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func withTexts<T>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) })
    }
}
