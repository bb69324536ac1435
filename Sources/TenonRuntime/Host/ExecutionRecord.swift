package import TenonJSON
package import TenonModel
package import TenonStore

/// An execution as it is recorded, for people and the REST API.
package struct ExecutionRecord: Sendable {
    package let id: ExecutionID
    package let kind: ExecutionKind
    package let definitionID: String
    package let definitionVersion: Int64
    package let projectID: ProjectID
    package let status: String
    package let durability: String
    package let context: JSON
    /// Of a workflow; nil in lists.
    package let steps: JSON?
    /// Of a pipeline.
    package let stages: JSON?
    package let recordsProcessed: Int64?
    /// Of a pipeline: `{"attempts", "guarantee", "checkpoint", "bottleneck"}`.
    let pipeline: JSON?
    /// `{"code", "message", ...}`, or nil.
    package let error: JSON?
    package let warnings: [String]
    package let createdAt: Timestamp
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    let number: Int64

    package var isFinished: Bool { finishedAt != nil }

    init(_ row: ExecutionRow, steps: [JSON]?, warnings: [String]) {
        id = row.id
        kind = row.definition.kind
        definitionID = row.definition.id
        definitionVersion = row.definition.version
        projectID = row.projectID
        status = row.progress.status
        durability = row.durability
        context = Self.json(row.context) ?? [:]
        self.steps = steps.map(JSON.array)
        stages = Self.json(row.progress.stages)
        recordsProcessed = row.progress.recordsProcessed
        let state = Self.json(row.progress.state) ?? [:]
        pipeline = row.definition.kind == .pipeline ? .some(state) : Optional.none
        error = Self.json(row.progress.error)
        self.warnings = warnings
        createdAt = row.createdAt
        startedAt = row.progress.startedAt
        finishedAt = row.progress.finishedAt
        number = row.number
    }

    /// An execution without a row.
    init(_ creation: NewExecution, _ progress: ExecutionProgress, steps: [JSON], warnings: [String]) {
        id = creation.id
        kind = creation.kind
        definitionID = creation.definitionID
        definitionVersion = creation.definitionVersion
        projectID = creation.projectID
        status = progress.status
        durability = creation.durability
        context = Self.json(creation.context) ?? [:]
        self.steps = .array(steps)
        stages = nil
        recordsProcessed = nil
        pipeline = nil
        error = Self.json(progress.error)
        self.warnings = warnings
        createdAt = creation.createdAt
        startedAt = progress.startedAt
        finishedAt = progress.finishedAt
        number = creation.number
    }

    /// What the host has written itself is JSON.
    private static func json(_ text: String?) -> JSON? { text.flatMap { try? JSONParser.parse($0) } }

    package var json: JSON {
        var object: JSONObject = ["id": .string(id.rawValue), "kind": .string(kind.rawValue)]
        object[kind == .workflow ? "workflowId" : "pipelineId"] = .string(definitionID)
        object["version"] = .int(definitionVersion)
        object["projectId"] = .string(projectID.rawValue)
        object["status"] = .string(status)
        object["durability"] = .string(durability)
        object["context"] = context
        object["steps"] = steps
        object["stages"] = stages
        object["recordsProcessed"] = recordsProcessed.map(JSON.int)
        for (key, value) in measures.members { object[key] = value }
        object["error"] = error ?? .null
        object["warnings"] = .array(warnings.map(JSON.string))
        object["createdAt"] = .string(createdAt.iso8601)
        object["startedAt"] = startedAt.map { .string($0.iso8601) } ?? .null
        object["finishedAt"] = finishedAt.map { .string($0.iso8601) } ?? .null
        return .object(object)
    }

    /// What is said of pipelines only, and how long an execution of either kind took.
    private var measures: JSONObject {
        var object = JSONObject()
        if let pipeline {
            for key in ["attempts", "guarantee", "checkpoint", "bottleneck"] {
                object[key] = pipeline[key] ?? .null
            }
        }
        guard let startedAt, let finishedAt else { return object }
        let microseconds = max(0, finishedAt.microseconds - startedAt.microseconds)
        object["durationMs"] = .int(microseconds / 1000)
        guard microseconds > 0, let recordsProcessed else { return object }
        let rate = Double(recordsProcessed) * 1e6 / Double(microseconds)
        object["recordsPerSecond"] = .int(Int64(exactly: rate.rounded()) ?? .max)
        return object
    }
}
