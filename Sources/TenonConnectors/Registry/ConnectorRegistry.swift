package import Logging
internal import Synchronization
internal import TenonVersion
internal import TenonJSON
package import TenonModel
package import TenonStore

/// The installed packages. Many versions lie side by side; what is installed never changes.
package final class ConnectorRegistry: Sendable {
    package let cellPath: String
    package let store: Store
    private let content: ContentStore
    private let time: any TimeSource
    private let logger: Logger
    /// One installation or removal at a time.
    private let changes = Mutex(())

    package init(store: Store, cellPath: String, time: any TimeSource, logger: Logger) {
        self.store = store
        self.cellPath = cellPath
        self.time = time
        self.logger = logger
        content = ContentStore(dataDirectory: store.directory)
        removeLeftovers()
    }

    private func removeLeftovers() {
        do {
            let digests = try store.read { try PackageTable.all(in: $0).map(\.digest.rawValue) }
            content.removeLeftovers(keeping: Set(digests))
        } catch {
            logger.warning("leftovers of installations were not looked for", metadata: ["error": "\(error)"])
        }
    }

    /// Verifies, unpacks, tries and records a package. Where any of this fails, nothing is left behind.
    package func install(package path: String, options: InstallOptions) throws(TenonError) -> PackageRecord {
        try changes.withLock { (_) throws(TenonError) in try installAlone(path, options) }
    }

    private func installAlone(_ path: String, _ options: InstallOptions) throws(TenonError) -> PackageRecord {
        // Before the file is opened as a database: a stranger's bytes meet as little code as possible.
        guard options.allowUnsigned else {
            throw TenonError(
                .packageUnsigned,
                "The package is not signed by a trusted key. Install it with --allow-unsigned if you know "
                    + "where it comes from.")
        }
        let folder = try content.makeIncoming()
        defer { FolderTree.remove(folder) }
        let installation = try PackageInstallation(package: path, folder: folder)
        if let present = try find(installation.digest) { return try allowInHost(present, options) }
        let manifest = try installation.unpack()
        try checkVersion(manifest, options)
        let library = try installation.probe(
            manifest, cellPath: cellPath, dataDirectory: store.directory)
        var row = PackageRow(
            digest: installation.digest, name: manifest.name, version: manifest.version.description,
            manifest: manifest.json.text)
        row.libraryPath = content.folder(of: row.digest) + "/" + library.path
        row.libraryDigest = library.digest
        row.byteCount = installation.byteCount
        row.installedAt = time.now()
        row.installedBy = options.actor
        try installation.place(in: content)
        do {
            try record(row, options)
        } catch {
            content.remove(row.digest)
            throw error
        }
        logger.info(
            "package installed",
            metadata: [
                "package.name": "\(row.name)", "package.version": "\(row.version)",
                "actor": "\(options.actor)",
            ])
        guard let installed = try find(row.digest) else {
            throw TenonError(.packageNotFound, "The package \(row.name) was removed while it was installed.")
        }
        return installed
    }

    private func record(_ row: PackageRow, _ options: InstallOptions) throws(TenonError) {
        let subject = "\(row.name)@\(row.version)"
        let now = time.now()
        try store.write { database in
            try PackageTable.insert(row, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(
                    for: AuditLog.Change(
                        actor: options.actor, action: "package.install-unsigned", subject: subject,
                        afterDigest: row.digest.rawValue), after: $0, at: now)
            }
        }
        if options.inHost { try listInHost(row.libraryDigest, subject: subject, actor: options.actor) }
    }

    private func allowInHost(_ record: PackageRecord, _ options: InstallOptions) throws(TenonError)
        -> PackageRecord
    {
        guard options.inHost, !record.mayRunInHost else { return record }
        try listInHost(
            record.libraryDigest, subject: "\(record.name)@\(record.version)", actor: options.actor)
        return try find(record.digest) ?? record
    }

    private func listInHost(_ library: Digest, subject: String, actor: String) throws(TenonError) {
        let now = time.now()
        try store.write { database in
            try PackageTable.allowInHost(library, at: now, by: actor, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(
                    for: AuditLog.Change(
                        actor: actor, action: "package.in-host", subject: subject,
                        afterDigest: library.rawValue),
                    after: $0, at: now)
            }
        }
    }

    private func checkVersion(_ manifest: Manifest, _ options: InstallOptions) throws(TenonError) {
        let installed = try store.read { try PackageTable.versions(of: manifest.name, in: $0) }
        let versions = installed.compactMap { SemanticVersion($0.version) }
        guard !versions.contains(manifest.version) else {
            throw TenonError(
                .packageVersionTaken,
                "\(manifest.name) \(manifest.version) is installed with other content. A version never changes: give the "
                    + "new content a version of its own.")
        }
        guard let highest = versions.max(), manifest.version < highest, !options.allowDowngrade else {
            return
        }
        throw TenonError(
            .packageDowngrade,
            "\(manifest.name) \(highest) is installed, which is newer than \(manifest.version). Use --allow-downgrade to "
                + "install the older version beside it.")
    }

    package func packages() throws(TenonError) -> [PackageRecord] {
        try store.read { database in
            try PackageTable.all(in: database).map { row in
                try PackageRecord(
                    row, mayRunInHost: PackageTable.mayRunInHost(row.libraryDigest, in: database))
            }
        }
    }

    package func find(_ digest: Digest) throws(TenonError) -> PackageRecord? {
        try store.read { database in
            try PackageTable.find(digest, in: database).map { row in
                try PackageRecord(
                    row, mayRunInHost: PackageTable.mayRunInHost(row.libraryDigest, in: database))
            }
        }
    }

    /// The highest installed version of `name` that `version` (exact, a range, or nil for the latest)
    /// accepts.
    package func package(_ name: String, version: String? = nil) throws(TenonError) -> PackageRecord {
        guard let range = version.map({ $0.isEmpty ? nil : VersionRange($0) }) ?? .latest else {
            throw TenonError(
                .packageNotFound,
                "\"\(version ?? "")\" is not a version or range. Write 1.2.3, ^1.2, ~1.4.0, 1.x, \">=1.0 <2\", "
                    + "\"^1.2 || 2.x\" or latest.")
        }
        if let record = try installed(name, range) { return record }
        let rows = try store.read { try PackageTable.versions(of: name, in: $0) }
        let versions = rows.map(\.version).joined(separator: ", ")
        throw TenonError(
            .packageNotFound,
            rows.isEmpty
                ? "No package \(name) is installed. Install it with `tenon connector install`."
                : "No installed version of \(name) matches \(range); installed: \(versions).")
    }

    /// The highest installed version of `name` that `range` accepts.
    func installed(_ name: String, _ range: VersionRange) throws(TenonError) -> PackageRecord? {
        let rows = try store.read { try PackageTable.versions(of: name, in: $0) }
        let best = range.best(of: rows.compactMap { SemanticVersion($0.version) })
        guard let best, let row = rows.first(where: { SemanticVersion($0.version) == best }) else {
            return nil
        }
        return try find(row.digest)
    }

    /// Removes a version that no instance uses.
    package func remove(_ name: String, version: String, actor: String = "unknown") throws(TenonError) {
        try changes.withLock { (_) throws(TenonError) in
            let record = try package(name, version: version)
            let now = time.now()
            try store.write { database in
                let users = try InstanceTable.users(of: record.digest, in: database)
                guard users.isEmpty else {
                    let names = users.prefix(5).map { "\($0.projectID)/\($0.integrationID)" }
                    throw TenonError(
                        .packageInUse,
                        "\(name) \(record.version) runs as \(names.joined(separator: ", ")). Remove or upgrade these "
                            + "instances first.")
                }
                try PackageTable.remove(record.digest, in: database)
                try PackageTable.forbidUnusedInHost(in: database)
                try AuditTable.append(in: database) {
                    AuditLog.entry(
                        for: AuditLog.Change(
                            actor: actor, action: "package.remove", subject: "\(name)@\(record.version)",
                            beforeDigest: record.digest.rawValue), after: $0, at: now)
                }
            }
            content.remove(record.digest)
        }
    }
}
