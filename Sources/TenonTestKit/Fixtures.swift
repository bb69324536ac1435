internal import Foundation

/// Connectors for tests, compiled from `Tests/Fixtures` the first time they are asked for.
package enum Fixtures {
    /// The repository's root.
    package static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The executable `tenon-cell` beside the running test.
    package static let cellPath: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().path + "/tenon-cell"
    }()

    /// The shared object of a first-party connector in Swift, `lib<name>.so` beside the running test.
    package static func swiftConnector(_ name: String) -> String {
        let path = URL(fileURLWithPath: cellPath).deletingLastPathComponent().path + "/lib\(name).so"
        guard FileManager.default.fileExists(atPath: path) else {
            fatalError("\(path) is not there: swift build --product \(name)")
        }
        return path
    }

    /// The shared object of the connector in `Tests/Fixtures/Connectors/<name>`.
    package static func library(_ name: String) -> String {
        let source = root + "/Tests/Fixtures/Connectors/\(name)/\(name).c"
        return compile(
            source, output: "\(name).so",
            options: [
                "-fPIC", "-shared", "-fvisibility=hidden", "-Wl,--version-script=\(root)/SDK/C/exports.map",
            ])
    }

    /// A program in C from `Tests/Fixtures/<path>`.
    package static func program(_ path: String) -> String {
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return compile(root + "/Tests/Fixtures/" + path, output: name, options: [])
    }

    /// A folder as `PackageArchive.pack` wants it: `connector.json`, the library where the manifest says, a
    /// README.
    package static func packageFolder(_ name: String) -> String {
        let files = FileManager.default
        let folder = directory + "/packages/\(name)"
        let library = library(name)
        locked {
            let source = root + "/Tests/Fixtures/Connectors/\(name)"
            let manifest = contents(source + "/connector.json")
            // `try?`: without a sound manifest nothing is copied, and no test passes.
            let object = (try? JSONSerialization.jsonObject(with: manifest)) as? [String: Any]
            let libraries = object?["libraries"] as? [String: String] ?? [:]
            write(manifest, to: folder + "/connector.json")
            for path in libraries.values { write(contents(library), to: folder + "/" + path) }
            let readme = source + "/README.md"
            if files.fileExists(atPath: readme) { write(contents(readme), to: folder + "/README.md") }
        }
        return folder
    }

    private static let directory = root + "/.build/fixtures"

    private static func compile(_ source: String, output: String, options: [String]) -> String {
        let target = directory + "/" + output
        locked {
            if isNewer(target, than: source) { return }
            let partial = target + ".partial"
            let arguments =
                ["cc", "-std=gnu11", "-O2", "-Wall", "-I", root + "/SDK/C/include"] + options
                + ["-o", partial, source, "-lpthread"]
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = arguments
            do {
                try process.run()
                process.waitUntilExit()
                guard process.terminationStatus == 0 else { fatalError("\(source) does not compile") }
                guard rename(partial, target) == 0 else { fatalError("\(target) cannot be put in place") }
            } catch {
                fatalError("no C compiler: \(error)")
            }
        }
        return target
    }

    /// One compiler at a time, also among processes.
    private static func locked(_ body: () -> Void) {
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let descriptor = open(directory + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        flock(descriptor, LOCK_EX)
        defer { close(descriptor) }
        body()
    }

    /// Than all files of the source's folder: it may include any of them. What cannot be looked at is not
    /// newer.
    private static func isNewer(_ target: String, than source: String) -> Bool {
        func date(_ path: String) -> Date? {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
        }
        let folder = URL(fileURLWithPath: source).deletingLastPathComponent().path
        guard let built = date(target),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return false }
        return names.allSatisfy { built > date(folder + "/" + $0) ?? .distantFuture }
    }

    private static func contents(_ path: String) -> Data {
        FileManager.default.contents(atPath: path) ?? Data()
    }

    private static func write(_ data: Data, to path: String) {
        let url = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: url)
        } catch {
            fatalError("\(path) cannot be written: \(error)")
        }
    }
}
