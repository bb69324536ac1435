internal import Foundation
package import GRDB
package import TenonModel

/// The table `replaced_secrets`: sealed values that secrets had until they were replaced or removed.
package enum ReplacedSecretTable {
    static let statements = [
        """
        CREATE TABLE replaced_secrets (
            project_id TEXT NOT NULL, updated_at INTEGER NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
            created_at INTEGER NOT NULL, PRIMARY KEY (project_id, updated_at, name)
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// Puts these in the place of all that are kept of a project. `updatedAt` is when each was replaced; no two
    /// may have the same.
    package static func put(
        _ secrets: [SecretRow], of project: ProjectID, in database: Database
    ) throws {
        try database.execute(
            sql: "DELETE FROM replaced_secrets WHERE project_id = ?", arguments: [project.rawValue])
        for secret in secrets {
            try database.execute(
                sql: "INSERT INTO replaced_secrets VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    project.rawValue, secret.updatedAt.microseconds, secret.name, Data(secret.value),
                    secret.createdAt.microseconds,
                ])
        }
    }

    /// Those that are kept, the newest first.
    package static func all(of project: ProjectID, in database: Database) throws -> [SecretRow] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM replaced_secrets WHERE project_id = ? ORDER BY updated_at DESC, name DESC",
            arguments: [project.rawValue]
        ).map(SecretRow.init)
    }

    /// Removes those of all projects that were replaced before that moment; answers how many there were.
    package static func remove(before moment: Timestamp, in database: Database) throws -> Int {
        try database.execute(
            sql: "DELETE FROM replaced_secrets WHERE updated_at < ?", arguments: [moment.microseconds])
        return database.changesCount
    }
}
