internal import Glibc
internal import TenonJSON
internal import TenonLoader
internal import TenonModel
internal import TenonStore

/// One installation on its way: verified, unpacked and tried in a folder of its own, which `place` moves into
/// the store.
struct PackageInstallation {
    private let folder: String
    private var content: String { folder + "/content" }
    private var file: String { folder + "/package.tenon" }
    let digest: Digest
    let byteCount: Int64

    /// Copies the package, so that nobody changes it between the checks.
    init(package path: String, folder: String) throws(TenonError) {
        self.folder = folder
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw TenonError(
                .packageUnreadable, "Cannot read the package \(path): \(String(cString: strerror(errno))).")
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw TenonError(.packageUnreadable, "The package \(path) is not a file.")
        }
        guard facts.st_size <= Limits.packageBytes else { throw PackageRules.tooLarge("as a file") }
        do {
            (digest, byteCount) = try FileBytes.copy(
                path, to: folder + "/package.tenon", atMost: Limits.packageBytes)
        } catch {
            throw TenonError(.packageUnreadable, "Cannot copy the package: \(error.message).")
        }
    }

    /// Opens the package and unpacks it.
    func unpack() throws(TenonError) -> Manifest {
        let archive = try SQLArchive(path: file)
        let manifest = try PackageArchive.manifest(in: archive)
        guard mkdir(content, 0o700) == 0 else {
            throw TenonError(
                .packageNotWritten, "Cannot unpack the package: \(String(cString: strerror(errno))).")
        }
        try PackageArchive.unpack(archive, into: content)
        return manifest
    }

    /// Looks at the library without loading it, then loads it once in a cell that is thrown away.
    func probe(_ manifest: Manifest, cellPath: String, dataDirectory: String) throws(TenonError) -> Library {
        let path = manifest.libraries[Manifest.platform] ?? ""
        let library = content + "/" + path
        var facts = stat()
        guard lstat(library, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw TenonError(
                .packageNoLibrary,
                "The package has no file \(path), which its manifest names. Pack it again with the library.")
        }
        try LibraryInspection(path: library).checkLoadable(path: path)
        do throws(CallFailure) {
            let report = try CellProbe.capabilities(
                of: library, cellPath: cellPath, deniedDirectory: dataDirectory,
                runDirectory: DataDirectory.run(in: dataDirectory))
            try check(report, against: manifest)
        } catch {
            // The content lies in a folder of the host's, which is nothing to the sender.
            var failure = error
            failure.message = failure.message.replacing(library, with: path)
            throw Self.refusal(of: path, failure)
        }
        do {
            return Library(path: path, digest: try FileBytes.digest(of: library))
        } catch {
            throw TenonError(.packageUnreadable, "Cannot read the library: \(error.message).")
        }
    }

    struct Library {
        /// In the package.
        let path: String
        let digest: Digest
    }

    /// Moves the content into the store.
    func place(in store: ContentStore) throws(TenonError) { try store.place(content, as: digest) }

    private func check(_ report: ProbeReport, against manifest: Manifest) throws(CallFailure) {
        if report.isSerial, manifest.concurrency > 1 {
            var failure = CallFailure(
                .invalidArgument,
                "The library is serial, but its manifest says \"concurrency\": \(manifest.concurrency). Correct the one or "
                    + "the other.")
            failure.detailsJSON = "{\"code\":\"\(ErrorCode.libraryConcurrency.rawValue)\"}"
            throw failure
        }
        let promised = Set(manifest.capabilities)
        let offered = Set(report.capabilities)
        guard promised != offered else { return }
        func list(_ ids: Set<String>) -> String { ids.sorted { $0.utf8Precedes($1) }.joined(separator: ", ") }
        var differences: [String] = []
        if !promised.isSubset(of: offered) {
            differences.append("lacks \(list(promised.subtracting(offered))), which the manifest promises")
        }
        if !offered.isSubset(of: promised) {
            differences.append(
                "offers \(list(offered.subtracting(promised))), which the manifest does not name")
        }
        var failure = CallFailure(.invalidArgument, differences.joined(separator: " and "))
        failure.detailsJSON = "{\"code\":\"\(ErrorCode.packageCapabilities.rawValue)\"}"
        throw failure
    }

    /// The failure of a trial as an error of the package; the loader's own codes are kept.
    private static func refusal(of library: String, _ failure: CallFailure) -> TenonError {
        // `try?`: a connector's own details are free text, and then no code of the loader.
        let details = try? JSONParser.parse(failure.detailsJSON)
        let loaderCodes: [ErrorCode] = [
            .libraryMissing, .libraryFormat, .libraryArchitecture, .librarySymbol, .libraryLoad,
            .libraryMagic,
            .libraryABI, .libraryFunction, .libraryCapability, .libraryChanged, .libraryConcurrency,
        ]
        if details?["code"]?.string == ErrorCode.packageCapabilities.rawValue {
            return TenonError(
                .packageCapabilities,
                "The library \(library) \(failure.message). Correct the one or the other.")
        }
        if let code = loaderCodes.first(where: { $0.rawValue == details?["code"]?.string }) {
            return TenonError(code, failure.message)
        }
        return TenonError(
            .packageLoadFailed,
            "The library \(library) failed when it was tried in a cell: \(failure.message.asSentence) "
                + "Nothing was installed. Try it by itself: tenon connector run LIBRARY ACTION",
            context: ["status": failure.status.name])
    }
}
