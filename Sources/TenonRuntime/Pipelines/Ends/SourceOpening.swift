internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// An open reader, and what it was asked for.
struct SourceOpening: Sendable {
    let reader: any BatchReader
    /// Nil where the source announced no columns, so that nothing could be asked for.
    let request: SourceRequest?
    let honoured: Honoured
    /// The request as the reader got it: its positions are good for the same request only.
    let requestJSON: JSON

    /// What a pipeline asks of its source. Throws what is wrong with the definition for these columns.
    static func request(
        _ definition: PipelineDefinition, _ streams: StreamChoice, _ target: PipelineEnd
    ) throws(TenonError) -> SourceRequest? {
        guard let announced = streams.hint else { return nil }
        return try PipelinePlan.request(
            definition, source: announced, takesLate: TargetColumns(accepts: target.accepts).takesLate)
    }

    /// Opens the reader at `position`; where it follows less of the request than was hoped for, once more
    /// with another request.
    init(
        _ definition: PipelineDefinition, _ ends: PipelineEnds, _ streams: StreamChoice, at position: [UInt8],
        _ channel: BatchChannel
    ) throws(TenonError) {
        let first = try Self.request(definition, streams, ends.target)
        let opening = try Self.open(first, ends, streams, position, channel)
        guard let request = first?.withoutLate(opening.honoured) else {
            self = opening
            return
        }
        opening.reader.close()
        self = try Self.open(request, ends, streams, position, channel)
    }

    private init(
        reader: any BatchReader, request: SourceRequest?, honoured: Honoured, requestJSON: JSON
    ) {
        self.reader = reader
        self.request = request
        self.honoured = honoured
        self.requestJSON = requestJSON
    }

    private static func open(
        _ request: SourceRequest?, _ ends: PipelineEnds, _ streams: StreamChoice, _ position: [UInt8],
        _ channel: BatchChannel
    ) throws(TenonError) -> SourceOpening {
        let base = streams.readRequest
        let requestJSON = JSON.object(request?.adding(to: base) ?? base)
        let sent = streams.secretRequest.map { JSON.object(request?.adding(to: $0) ?? $0) } ?? requestJSON
        let read = ReadRequest(
            requestJSON: JSONWriter.bytes(sent), checkpoint: position, schemaHint: streams.hint)
        let connection = ends.source.connection
        let opening = try channel.wait { () throws(CallFailure) in
            try connection.openReader(read)
        } discard: { reader in
            reader.close()
        }
        do {
            let reader = try opening.get()
            return SourceOpening(
                reader: reader, request: request, honoured: Honoured(reader.honoured),
                requestJSON: requestJSON)
        } catch {
            throw streams.readFailure(error)
        }
    }

    /// What the host still has to do with records of these columns.
    func plan(_ definition: PipelineDefinition, _ schema: Schema) throws(TenonError) -> PipelinePlan {
        guard let request else { return try PipelinePlan(definition, source: schema) }
        return try PipelinePlan(definition, source: schema, request: request, honoured: honoured)
    }
}
