package import GRDB
package import TenonModel

/// An installed package.
package struct PackageRow: Sendable, Equatable {
    package var digest: Digest
    package var name: String
    package var version: String
    /// `connector.json` as it stands in the package.
    package var manifest: String
    /// In the store, for this platform.
    package var libraryPath: String
    package var libraryDigest: Digest
    package var byteCount: Int64
    /// Who signed it; nil for an unsigned package.
    package var signer: String?
    package var installedAt: Timestamp
    package var installedBy: String

    package init(digest: Digest, name: String, version: String, manifest: String) {
        self.digest = digest
        self.name = name
        self.version = version
        self.manifest = manifest
        libraryPath = ""
        libraryDigest = Digest("")
        byteCount = 0
        installedAt = Timestamp(microseconds: 0)
        installedBy = ""
    }

    fileprivate init(_ row: Row) {
        self.init(
            digest: Digest(row["digest"]), name: row["name"], version: row["version"],
            manifest: row["manifest"])
        libraryPath = row["library_path"]
        libraryDigest = Digest(row["library_digest"])
        byteCount = row["byte_count"]
        signer = row["signer"]
        installedAt = Timestamp(microseconds: row["installed_at"])
        installedBy = row["installed_by"]
    }
}

/// The table `packages`, and the list of libraries that may run in the host.
package enum PackageTable {
    package static func insert(_ package: PackageRow, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO packages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                package.digest.rawValue, package.name, package.version, package.manifest, package.libraryPath,
                package.libraryDigest.rawValue, package.byteCount, package.signer,
                package.installedAt.microseconds, package.installedBy,
            ])
    }

    package static func all(in database: Database) throws -> [PackageRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM packages ORDER BY name, installed_at").map(
            PackageRow.init)
    }

    package static func versions(of name: String, in database: Database) throws -> [PackageRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM packages WHERE name = ?", arguments: [name])
            .map(PackageRow.init)
    }

    package static func find(_ digest: Digest, in database: Database) throws -> PackageRow? {
        try Row.fetchOne(
            database, sql: "SELECT * FROM packages WHERE digest = ?", arguments: [digest.rawValue]
        )
        .map(PackageRow.init)
    }

    package static func remove(_ digest: Digest, in database: Database) throws {
        try database.execute(sql: "DELETE FROM packages WHERE digest = ?", arguments: [digest.rawValue])
    }

    package static func allowInHost(
        _ library: Digest, at time: Timestamp, by actor: String, in database: Database
    ) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO in_host VALUES (?, ?, ?)",
            arguments: [library.rawValue, time.microseconds, actor])
    }

    /// Takes libraries off the list that are in no package any more.
    package static func forbidUnusedInHost(in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM in_host WHERE library_digest NOT IN (SELECT library_digest FROM packages)")
    }

    package static func mayRunInHost(_ library: Digest, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM in_host WHERE library_digest = ?)",
            arguments: [library.rawValue]) ?? false
    }
}
