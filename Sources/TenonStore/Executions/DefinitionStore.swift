internal import GRDB
package import TenonModel

/// Names one immutable version of a workflow or pipeline.
package struct DefinitionVersionKey: Hashable, Sendable {
    package var kind: ExecutionKind
    package var id: String
    package var version: Int64

    package init(kind: ExecutionKind, id: String, version: Int64) {
        self.kind = kind
        self.id = id
        self.version = version
    }
}

/// A definition in one of its versions, as stored.
package struct DefinitionRow: Sendable, Equatable {
    package var kind: ExecutionKind
    package var id: String
    package var projectID: ProjectID
    package var name: String
    package var version: Int64
    /// The document as it was saved: JSON.
    package var document: [UInt8]
    package var createdAt: Timestamp
    /// When this version was saved.
    package var updatedAt: Timestamp

    package init(
        kind: ExecutionKind, id: String, projectID: ProjectID, name: String, document: [UInt8],
        savedAt: Timestamp
    ) {
        self.kind = kind
        self.id = id
        self.projectID = projectID
        self.name = name
        self.document = document
        version = 1
        createdAt = savedAt
        updatedAt = savedAt
    }

    package var key: DefinitionVersionKey { DefinitionVersionKey(kind: kind, id: id, version: version) }
}

/// The definitions of workflows and pipelines: every save that changes something makes a version that never
/// changes.
package struct DefinitionStore: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// Stores `row` as a new definition, or as the next version of the one with its id. A document that is
    /// byte for byte the current one makes no version, and nothing of `triggers`, which is written in the same
    /// transaction. Throws `definition.name-taken`.
    package func save(_ row: DefinitionRow, triggers: [TriggerChange] = []) throws(TenonError)
        -> DefinitionRow
    {
        try store.write { database in
            var row = row
            let holder = try String.fetchOne(
                database, sql: "SELECT id FROM definitions WHERE kind = ? AND project_id = ? AND name = ?",
                arguments: [row.kind.rawValue, row.projectID.rawValue, row.name])
            guard holder == nil || holder == row.id else {
                throw TenonError(
                    .definitionNameTaken,
                    "Project \(row.projectID) has a \(row.kind.rawValue) named \"\(row.name)\" already. "
                        + "Choose another name, or update that one.", context: ["id": holder ?? ""])
            }
            if let current = try Self.current(row.kind, row.id, database) {
                if current.document == row.document { return current }
                row.version = current.version + 1
                row.createdAt = current.createdAt
            }
            try Self.write(row, database)
            try TriggerStatements.write(triggers, database, epoch: store.epoch)
            return row
        }
    }

    private static func write(_ row: DefinitionRow, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO definitions (kind, id, project_id, name, version, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (kind, id) DO UPDATE SET project_id = excluded.project_id, name = excluded.name,
                    version = excluded.version, updated_at = excluded.updated_at
                """,
            arguments: [
                row.kind.rawValue, row.id, row.projectID.rawValue, row.name, row.version,
                row.createdAt.microseconds, row.updatedAt.microseconds,
            ])
        try database.execute(
            sql: """
                INSERT INTO definition_versions (kind, id, version, document, created_at)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                row.kind.rawValue, row.id, row.version, String(decoding: row.document, as: UTF8.self),
                row.updatedAt.microseconds,
            ])
    }

    private static let columns = """
        SELECT d.kind, d.id, d.project_id, d.name, v.version, v.document, d.created_at,
            v.created_at AS saved_at
        FROM definitions d JOIN definition_versions v ON v.kind = d.kind AND v.id = d.id
        """

    private static func current(_ kind: ExecutionKind, _ id: String, _ database: Database) throws
        -> DefinitionRow?
    {
        try Row.fetchOne(
            database, sql: columns + " AND v.version = d.version WHERE d.kind = ? AND d.id = ?",
            arguments: [kind.rawValue, id]
        ).map(DefinitionRow.init(row:))
    }

    /// The newest version, or nil.
    package func current(_ kind: ExecutionKind, id: String) throws(TenonError) -> DefinitionRow? {
        try store.read { try Self.current(kind, id, $0) }
    }

    package func version(_ key: DefinitionVersionKey) throws(TenonError) -> DefinitionRow? {
        try store.read { database in
            try Row.fetchOne(
                database, sql: Self.columns + " WHERE d.kind = ? AND d.id = ? AND v.version = ?",
                arguments: [key.kind.rawValue, key.id, key.version]
            ).map(DefinitionRow.init(row:))
        }
    }

    /// The newest version of the definition with this name, or nil.
    package func named(_ name: String, _ kind: ExecutionKind, project: ProjectID) throws(TenonError)
        -> DefinitionRow?
    {
        try store.read { database in
            try Row.fetchOne(
                database,
                sql: Self.columns
                    + " AND v.version = d.version WHERE d.kind = ? AND d.project_id = ? AND d.name = ?",
                arguments: [kind.rawValue, project.rawValue, name]
            ).map(DefinitionRow.init(row:))
        }
    }

    /// The newest versions of all definitions of a project, or of all projects, by name.
    package func list(_ kind: ExecutionKind, project: ProjectID?) throws(TenonError) -> [DefinitionRow] {
        try store.read { database in
            try Row.fetchAll(
                database,
                sql: Self.columns + """
                     AND v.version = d.version WHERE d.kind = ? AND (? IS NULL OR d.project_id = ?)
                    ORDER BY d.project_id, d.name
                    """,
                arguments: [kind.rawValue, project?.rawValue, project?.rawValue]
            ).map(DefinitionRow.init(row:))
        }
    }
}

extension DefinitionRow {
    fileprivate init(row: Row) throws {
        guard let kind = ExecutionKind(rawValue: row["kind"]) else {
            throw TenonError(.storeCorrupt, "A definition has an unknown kind. Put a copy of tenon.db back.")
        }
        self.kind = kind
        id = row["id"]
        projectID = ProjectID(row["project_id"])
        name = row["name"]
        version = row["version"]
        document = Array((row["document"] as String).utf8)
        createdAt = Timestamp(microseconds: row["created_at"])
        updatedAt = Timestamp(microseconds: row["saved_at"])
    }
}
