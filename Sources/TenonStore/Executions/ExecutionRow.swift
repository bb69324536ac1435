internal import GRDB
package import TenonModel

/// An execution as recorded.
package struct ExecutionRow: Sendable {
    package var id: ExecutionID
    package var definition: DefinitionVersionKey
    package var projectID: ProjectID
    package var durability: String
    package var epoch: Int64
    /// A JSON object.
    package var context: String
    package var createdAt: Timestamp
    package var progress: ExecutionProgress

    package var number: Int64 { progress.number }

    init(row: Row) throws {
        guard let kind = ExecutionKind(rawValue: row["kind"]) else {
            throw TenonError(.storeCorrupt, "An execution has an unknown kind. Put a copy of tenon.db back.")
        }
        id = ExecutionID(row["id"])
        definition = DefinitionVersionKey(
            kind: kind, id: row["definition_id"], version: row["definition_version"])
        projectID = ProjectID(row["project_id"])
        durability = row["durability"]
        epoch = row["epoch"]
        context = row["context"]
        createdAt = Timestamp(microseconds: row["created_at"])
        progress = ExecutionProgress(number: row["number"], status: row["status"])
        progress.state = row["state"]
        progress.error = row["error"]
        progress.recordsProcessed = row["records_processed"]
        progress.stages = row["stages"]
        progress.startedAt = row.time("started_at")
        progress.finishedAt = row.time("finished_at")
    }
}

extension JournalStep {
    init(row: Row) {
        self.init(
            execution: row["execution"], step: row["step"], status: row["status"], attempt: row["attempt"])
        effect = (row["effect"] as String?).flatMap(ActionEffect.init(rawValue:))
        output = row["output"]
        detail = row["detail"]
        startedAt = row.time("started_at")
        finishedAt = row.time("finished_at")
    }
}

extension Row {
    fileprivate func time(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map(Timestamp.init(microseconds:))
    }
}
