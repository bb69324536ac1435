internal import Glibc
internal import Logging
internal import TenonColumns
internal import TenonConnectors
internal import TenonModel
internal import TenonPipeline
internal import TenonStore

extension TenonHost {
    /// The pipeline that an earlier start of the host has left unfinished, as it was defined when it began.
    func interruptedPipeline(_ row: ExecutionRow, _ orphans: OrphanedCells) throws(TenonError)
        -> LivePipeline
    {
        guard let version = try definitions.version(row.definition) else {
            throw TenonError(.pipelineNotFound, "The definition of the execution \(row.id) is gone.")
        }
        let definition = try PipelineDefinition.parse(try storedDocument(version), isStored: true).definition
        return LivePipeline(
            LivePipeline.Beginning(
                id: row.id, number: row.number, pipelineID: PipelineID(row.definition.id),
                durability: row.durability, startedAt: row.createdAt,
                pace: configuration.pace,
                resumption: LivePipeline.Resumption(
                    checkpoint: try executions.checkpoint(ofExecution: row.number),
                    policy: AttemptPolicy(state: row.progress.state),
                    orphans: orphans)),
            definition, engine: engine)
    }
}
