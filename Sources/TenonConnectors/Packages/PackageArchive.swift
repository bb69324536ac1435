internal import Glibc
package import TenonModel

/// Packages: `.tenon` files, which are SQLite archives.
package enum PackageArchive {
    static let manifestName = "connector.json"

    /// What a package says of itself; nothing of it is loaded.
    package struct Inspection: Sendable {
        package var manifest: Manifest
        package var entries: [PackageEntry]
        package var digest: Digest
        package var byteCount: Int64
    }

    /// Reads the list of files and the manifest.
    package static func inspect(path: String) throws(TenonError) -> Inspection {
        let archive = try SQLArchive(path: path)
        let manifest = try manifest(in: archive)
        do {
            let digest = try FileBytes.digest(of: path)
            return Inspection(
                manifest: manifest, entries: archive.entries, digest: digest,
                byteCount: archive.fileByteCount)
        } catch {
            throw TenonError(.packageUnreadable, "Cannot read the package: \(error.message).")
        }
    }

    static func manifest(in archive: SQLArchive) throws(TenonError) -> Manifest {
        guard let entry = archive.entries.first(where: { $0.name == manifestName && !$0.isFolder }) else {
            throw TenonError(
                .packageNoManifest,
                "The package has no \(manifestName). Make packages with `tenon connector pack`.")
        }
        guard entry.byteCount <= Limits.manifestBytes else {
            throw TenonError(
                .manifestMalformed, "\(manifestName) is larger than \(Limits.manifestBytes >> 20) MiB.")
        }
        var bytes: [UInt8] = []
        try archive.read(entry) { piece throws(TenonError) in bytes.append(contentsOf: piece) }
        return try Manifest.parse(bytes)
    }

    /// Writes all files below `folder`, which must exist and be empty. Modes are those of the store: nothing
    /// is writable.
    static func unpack(_ archive: SQLArchive, into folder: String) throws(TenonError) {
        var folders: Set<String> = [folder]
        for entry in archive.entries {
            let parts = entry.name.split(separator: "/").map(String.init)
            var path = folder
            for part in entry.isFolder ? parts[...] : parts.dropLast() {
                path += "/" + part
                guard folders.insert(path).inserted else { continue }
                guard mkdir(path, 0o700) == 0 else { throw badPath(entry) }
            }
            guard !entry.isFolder else { continue }
            do {
                let isExecutable = entry.mode & 0o111 != 0
                let output = try FileOutput(
                    path: folder + "/" + entry.name, mode: isExecutable ? 0o555 : 0o444)
                try archive.read(entry) { piece throws(TenonError) in
                    do throws(FileBytes.Failure) {
                        try output.append(piece)
                    } catch {
                        throw TenonError(.packageNotWritten, "Cannot unpack the package: \(error.message).")
                    }
                }
                try output.finish()
            } catch let error as TenonError {
                throw error
            } catch let error as FileBytes.Failure {
                throw TenonError(.packageNotWritten, "Cannot unpack the package: \(error.message).")
            } catch {
                throw badPath(entry)
            }
        }
    }

    private static func badPath(_ entry: PackageEntry) -> TenonError {
        TenonError(
            .packageBadPath,
            "\(PackageRules.quoted(entry.name)) cannot be unpacked: a file stands where a folder should be.")
    }
}
