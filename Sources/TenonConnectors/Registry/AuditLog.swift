internal import Crypto
package import TenonJSON
package import TenonModel
package import TenonStore

/// The record of who changed what. Each entry carries the hash of the one before, so that none can vanish
/// unseen.
package enum AuditLog {
    package struct Change: Sendable {
        package var actor: String
        /// Such as `package.install`.
        package var action: String
        package var subject: String
        package var beforeDigest: String?
        package var afterDigest: String?

        package init(
            actor: String, action: String, subject: String, beforeDigest: String? = nil,
            afterDigest: String? = nil
        ) {
            self.actor = actor
            self.action = action
            self.subject = subject
            self.beforeDigest = beforeDigest
            self.afterDigest = afterDigest
        }
    }

    /// The hash before the first entry.
    private static let origin = String(repeating: "0", count: 64)

    /// The entry for a change that follows `last`.
    package static func entry(for change: Change, after last: AuditRow?, at time: Timestamp) -> AuditRow {
        var row = AuditRow(
            sequence: (last?.sequence ?? 0) + 1, at: time, actor: change.actor, action: change.action,
            subject: change.subject, beforeDigest: change.beforeDigest, afterDigest: change.afterDigest,
            previousHash: last?.hash ?? origin)
        row.hash = hash(of: row)
        return row
    }

    /// The sequence of the first entry that was changed, or that follows a lost one; nil: all is well.
    package static func firstBreak(in rows: [AuditRow]) -> Int64? {
        var previous = origin
        for (index, row) in rows.enumerated() {
            let isIntact =
                row.sequence == Int64(index + 1) && row.previousHash == previous && row.hash == hash(of: row)
            if !isIntact { return row.sequence }
            previous = row.hash
        }
        return nil
    }

    private static func hash(of row: AuditRow) -> String {
        func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
        let content: JSON = [
            .int(row.sequence), .int(row.at.microseconds), text(row.actor), text(row.action),
            text(row.subject),
            text(row.beforeDigest), text(row.afterDigest), text(row.previousHash),
        ]
        return HexText.encode(SHA256.hash(data: JSONWriter.bytes(content)))
    }
}

extension AuditRow {
    package var json: JSON {
        [
            "sequence": .int(sequence), "at": .string(at.iso8601), "actor": .string(actor),
            "action": .string(action), "subject": .string(subject),
            "beforeDigest": beforeDigest.map(JSON.string) ?? .null,
            "afterDigest": afterDigest.map(JSON.string) ?? .null, "hash": .string(hash),
        ]
    }
}
