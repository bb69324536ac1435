package import TenonModel

/// One row that a transition of an execution writes.
package enum JournalChange: Sendable {
    indirect case created(NewExecution)
    indirect case execution(ExecutionProgress)
    case step(JournalStep)
    indirect case checkpoint(PipelineCheckpoint)
    /// A large output, stored once however many steps have it.
    case blob(Digest, [UInt8])
    indirect case trigger(TriggerChange)
}

/// What an execution runs.
package enum ExecutionKind: String, Sendable {
    case workflow
    case pipeline
}

/// The row that begins an execution.
package struct NewExecution: Sendable {
    package var number: Int64
    package var id: ExecutionID
    package var kind: ExecutionKind
    package var definitionID: String
    package var definitionVersion: Int64
    package var projectID: ProjectID
    /// The word of the definition: `strict`, `relaxed`, `ephemeral`.
    package var durability: String
    /// A JSON object.
    package var context: String
    package var createdAt: Timestamp
    package var idempotencyKey: IdempotencyKey?
    package var progress: ExecutionProgress

    package init(
        number: Int64, id: ExecutionID, definition: DefinitionVersionKey, projectID: ProjectID,
        createdAt: Timestamp
    ) {
        self.number = number
        self.id = id
        kind = definition.kind
        definitionID = definition.id
        definitionVersion = definition.version
        self.projectID = projectID
        durability = "strict"
        context = "{}"
        self.createdAt = createdAt
        progress = ExecutionProgress(number: number, status: "pending")
    }

    /// What has begun an execution, as it is recorded.
    package init(_ row: ExecutionRow) {
        self.init(
            number: row.number, id: row.id, definition: row.definition, projectID: row.projectID,
            createdAt: row.createdAt)
        durability = row.durability
        context = row.context
        progress = row.progress
    }
}

/// What makes two requests the same: the key within its scope (token and route).
package struct IdempotencyKey: Hashable, Sendable {
    package var scope: String
    package var key: String

    package init(scope: String, key: String) {
        self.scope = scope
        self.key = key
    }
}

/// The part of an execution's row that changes while it runs. Texts are JSON.
package struct ExecutionProgress: Sendable, Equatable {
    package var number: Int64
    package var status: String
    /// What the run machine keeps beside its steps.
    package var state: String?
    /// `{"code", "message", ...}`.
    package var error: String?
    package var recordsProcessed: Int64?
    /// A pipeline's stages with their counts.
    package var stages: String?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?

    package init(number: Int64, status: String) {
        self.number = number
        self.status = status
    }
}

/// The row of one step of one execution. Texts are JSON.
package struct JournalStep: Sendable, Equatable {
    package var execution: Int64
    package var step: Int
    package var status: String
    package var attempt: Int
    /// The effect of the call that is in flight, as the connector's manifest had it when it was sent.
    package var effect: ActionEffect?
    /// JSON, or where it is large `blob:` and the digest of what is stored apart.
    package var output: String?
    package var detail: String?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?

    package init(execution: Int64, step: Int, status: String, attempt: Int) {
        self.execution = execution
        self.step = step
        self.status = status
        self.attempt = attempt
    }
}

/// What a pipeline has promised before it tells the target to commit, and what it had promised before that:
/// after a crash the target says which of the two it holds. Texts are JSON.
package struct PipelineCheckpoint: Sendable, Equatable {
    package var execution: Int64
    /// The request and the schema that the target's writer was opened with.
    package var request: String
    package var schema: String
    /// What the source's reader was opened with, and the instances at both ends.
    package var source = "{}"
    package var promised = PipelinePosition()
    /// Covered by the sequence before the promised one; nothing where that is 0.
    package var previous = PipelinePosition()
    /// Whether the promised commit is the pipeline's last one, with nothing left to read.
    package var isFinal = false
    package var recordedAt: Timestamp

    package init(execution: Int64, request: String, schema: String, recordedAt: Timestamp) {
        self.execution = execution
        self.request = request
        self.schema = schema
        self.recordedAt = recordedAt
    }
}

/// A point up to which a target holds a pipeline's records.
package struct PipelinePosition: Sendable, Equatable {
    /// 0: nothing is committed.
    package var sequence: UInt64 = 0
    /// The source's position after everything that the sequence covers; empty for its beginning.
    package var checkpoint: [UInt8] = []
    /// What every stage has counted up to here, as JSON.
    package var counts = "{}"

    package init() {}
}
