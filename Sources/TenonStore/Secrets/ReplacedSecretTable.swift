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

    /// How long such values are kept, and how many of a project.
    package struct Retention: Sendable {
        package let age: Duration
        package let perProject: Int

        package init(age: Duration, perProject: Int) {
            self.age = age
            self.perProject = perProject
        }
    }

    /// Adds a value that is replaced `now`, and drops those that are kept no longer: the old ones of any
    /// project, of this project all but the newest.
    package static func keep(
        _ secret: SecretRow, at now: Timestamp, _ retention: Retention, in database: Database
    ) throws {
        let project = secret.project.rawValue
        try database.execute(
            sql: "INSERT OR REPLACE INTO replaced_secrets VALUES (?, ?, ?, ?, ?)",
            arguments: [
                project, now.microseconds, secret.name, Data(secret.value), secret.createdAt.microseconds,
            ])
        try database.execute(
            sql: "DELETE FROM replaced_secrets WHERE updated_at < ?",
            arguments: [(now + (.zero - retention.age)).microseconds])
        try database.execute(
            sql: """
                DELETE FROM replaced_secrets WHERE project_id = ?1 AND (updated_at, name) IN (
                    SELECT updated_at, name FROM replaced_secrets WHERE project_id = ?1
                    ORDER BY updated_at DESC, name DESC LIMIT -1 OFFSET ?2)
                """,
            arguments: [project, retention.perProject])
    }

    /// Those that are kept, the oldest first; `updatedAt` is when each was replaced.
    package static func all(
        of project: ProjectID, at now: Timestamp, _ retention: Retention, in database: Database
    ) throws -> [SecretRow] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM replaced_secrets WHERE project_id = ? AND updated_at >= ?
                ORDER BY updated_at, name
                """,
            arguments: [project.rawValue, (now + (.zero - retention.age)).microseconds]
        ).map(SecretRow.init)
    }

    /// Of all projects.
    package static func count(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM replaced_secrets") ?? 0
    }
}
