package import GRDB
package import TenonModel

/// One change that somebody made.
package struct AuditRow: Sendable, Equatable {
    package var sequence: Int64
    package var at: Timestamp
    package var actor: String
    /// Such as `package.install`.
    package var action: String
    package var subject: String
    package var beforeDigest: String?
    package var afterDigest: String?
    package var previousHash: String
    /// Over all of the above.
    package var hash: String

    package init(
        sequence: Int64, at: Timestamp, actor: String, action: String, subject: String, beforeDigest: String?,
        afterDigest: String?, previousHash: String
    ) {
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.beforeDigest = beforeDigest
        self.afterDigest = afterDigest
        self.previousHash = previousHash
        hash = ""
    }

    fileprivate init(_ row: Row) {
        self.init(
            sequence: row["sequence"], at: Timestamp(microseconds: row["at"]), actor: row["actor"],
            action: row["action"], subject: row["subject"], beforeDigest: row["before_digest"],
            afterDigest: row["after_digest"], previousHash: row["previous_hash"])
        hash = row["hash"]
    }
}

/// The table `audit`.
package enum AuditTable {
    private static func last(in database: Database) throws -> AuditRow? {
        try Row.fetchOne(database, sql: "SELECT * FROM audit ORDER BY sequence DESC LIMIT 1").map(
            AuditRow.init)
    }

    package static func all(in database: Database) throws -> [AuditRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM audit ORDER BY sequence").map(AuditRow.init)
    }

    /// Appends what `entry` makes of the last row.
    package static func append(in database: Database, _ entry: (AuditRow?) -> AuditRow) throws {
        try insert(entry(last(in: database)), in: database)
    }

    private static func insert(_ entry: AuditRow, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                entry.sequence, entry.at.microseconds, entry.actor, entry.action, entry.subject,
                entry.beforeDigest, entry.afterDigest, entry.previousHash, entry.hash,
            ])
    }
}
