internal import Glibc
internal import Logging
internal import TenonColumns
internal import TenonConnectors
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

extension TenonHost {
    /// Has the targets of interrupted pipelines undo what was not committed: a writer of the same job does so
    /// when it opens. On a thread of its own, since targets may be slow.
    func undoInterrupted(_ rows: [ExecutionRow]) {
        let thread = startThread { [self] in
            for row in rows {
                do {
                    try undo(row)
                } catch {
                    configuration.logger.warning(
                        "an interrupted pipeline's target will undo its rest when it is next written to",
                        metadata: ["execution.id": "\(row.id)", "error": "\(error)"])
                }
            }
        }
        if let thread { pthread_detach(thread) }
    }

    private func undo(_ row: ExecutionRow) throws {
        guard let checkpoint = try executions.checkpoint(ofExecution: row.number),
            let columns = try Schema.parse(json: Array(checkpoint.schema.utf8)),
            let definition = try definitions.version(row.definition)
        else { return }
        let pipeline = try PipelineDefinition.parse(try storedDocument(definition)).definition
        let target = try directory.end(pipeline.projectID, pipeline.targetIntegrationID)
        let writer = try target.connection.openWriter(
            WriteRequest(requestJSON: Array(checkpoint.request.utf8), schema: columns))
        defer { writer.close() }
        try writer.abort()
    }
}
