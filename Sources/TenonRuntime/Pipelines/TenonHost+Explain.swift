internal import Glibc
internal import TenonColumns
internal import TenonConnectors
package import TenonJSON
package import TenonModel
internal import TenonPipeline
internal import TenonStore

extension TenonHost {
    /// How the newest version of a pipeline would run: what its source is asked for and follows, what the
    /// host does, what the target gets; `text` says it to people. Asks the source, opens a reader for a
    /// moment, and writes nothing. Throws what is wrong with the definition, or that an end is missing.
    package func explainPipeline(_ id: PipelineID) throws(TenonError) -> JSON {
        try explain(PipelineDefinition.parse(try pipeline(id).definition.document, isStored: true).definition)
    }

    /// The same for a definition that is not saved.
    package func explainPipeline(document: JSON) throws(TenonError) -> JSON {
        try explain(PipelineDefinition.parse(definitionDocument(document, .pipeline)).definition)
    }

    private func explain(_ definition: PipelineDefinition) throws(TenonError) -> JSON {
        do throws(TenonError) {
            return try explanation(of: definition)
        } catch {
            throw engine.secrets.masked(error, for: definition)
        }
    }

    private func explanation(of definition: PipelineDefinition) throws(TenonError) -> JSON {
        let channel = BatchChannel(maxBytes: Limits.pipelineChannelBytes)
        // A source that hangs is not waited for.
        engine.timers.schedule(after: Limits.pipelineExplanation) {
            channel.fail(
                TenonError(
                    .pipelineSourceFailed,
                    "\(definition.sourceIntegrationID) does not answer. Look at its instance."))
        }
        let project = definition.projectID
        let ends = PipelineEnds(
            source: try directory.end(project, definition.sourceIntegrationID),
            target: try directory.end(project, definition.targetIntegrationID))
        var streams = try StreamChoice(definition, ends, channel)
        if !definition.secrets.isEmpty {
            streams.secretRequest = try engine.secrets.rendered(streams.readRequest, for: definition)
        }
        let opening = try SourceOpening(definition, ends, streams, at: [], channel)
        let schema = try opening.schema(streams, channel)
        var facts = ExplanationFacts()
        facts.sourceStream = streams.sourceStream
        facts.targetStream = streams.targetStream
        facts.guarantee = ends.target.guarantee.rawValue
        facts.opened = (schema, opening.honoured)
        let target = TargetColumns(accepts: ends.target.accepts)
        facts.targetColumns = try target.columns(for: opening.plan(definition, schema).outputSchema)
        // Where the source announced no columns, nothing could be asked for.
        let request = opening.request ?? SourceRequest(everythingOf: schema)
        let explanation = try PipelinePlan.explanation(definition, request: request, facts: facts)
        var object = explanation.json.object ?? [:]
        object["text"] = .string(explanation.text)
        return .object(object)
    }
}

extension SourceOpening {
    /// The columns that the reader hands out, and the reader's end.
    fileprivate func schema(_ streams: StreamChoice, _ channel: BatchChannel) throws(TenonError) -> Schema {
        let reader = reader
        let answer: Result<Schema?, CallFailure>
        do throws(TenonError) {
            answer = try channel.wait { () throws(CallFailure) in
                defer { reader.close() }
                while channel.firstFailure == nil, let events = try reader.next() {
                    for event in events {
                        switch event {
                        case .schema(let schema): return schema
                        case .batch(let batch): return batch.schema
                        case .checkpoint, .rejected, .skipped, .progress: continue
                        }
                    }
                    if events.isEmpty { usleep(10_000) }
                }
                return nil
            }
        } catch {
            reader.cancel()
            throw error
        }
        do {
            if let schema = try answer.get() ?? streams.hint { return schema }
        } catch {
            throw streams.readFailure(error)
        }
        throw TenonError(
            .pipelineSourceFailed,
            "The source has neither records nor columns, so there is nothing to plan for.")
    }
}
