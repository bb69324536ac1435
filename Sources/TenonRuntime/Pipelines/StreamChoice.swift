internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// What a pipeline reads, and under which name its target stores it.
struct StreamChoice {
    /// The request of `open_reader`.
    var readRequest: JSON
    /// Nil where only a query was given.
    var sourceStream: String?
    var targetStream: String
    /// The columns that the source announces, where it does.
    var hint: Schema?

    /// Follows the definition, else the instances' `defaultStream`, else the only stream that the source
    /// knows.
    init(_ definition: PipelineDefinition, _ ends: PipelineEnds, _ channel: BatchChannel)
        throws(TenonError)
    {
        let announced = try Self.discover(ends.source, channel)
        var stream = definition.extract.stream
        if stream == nil, definition.extract.query == nil {
            stream = ends.source.defaultStream
            if stream == nil { stream = try Self.onlyStream(announced, definition) }
        }
        var request: JSONObject = [:]
        if let stream { request["stream"] = .string(stream) }
        if let query = definition.extract.query { request["query"] = .string(query) }
        if let rowCount = definition.extract.batchRows { request["checkpointRows"] = .int(Int64(rowCount)) }
        readRequest = .object(request)
        sourceStream = stream
        guard let written = definition.load.stream ?? ends.target.defaultStream ?? stream else {
            throw TenonError(
                .pipelineStreamRequired,
                "The pipeline reads a query, so its load stage has to say where to: "
                    + "give its parameters a `stream`."
            )
        }
        targetStream = written
        guard definition.extract.query == nil else { return }
        hint = try Self.columns(of: stream, announced)
    }

    /// Asks the source again which columns the stream has.
    mutating func lookAgain(at source: PipelineEnd, _ channel: BatchChannel) throws(TenonError) {
        guard hint != nil else { return }
        hint = try Self.columns(of: sourceStream, Self.discover(source, channel))
    }

    private static func columns(of stream: String?, _ announced: [(name: String, text: [UInt8])])
        throws(TenonError) -> Schema?
    {
        guard let item = announced.first(where: { $0.name == stream }) else { return nil }
        return try Schema.parse(json: item.text)
    }

    private static func onlyStream(
        _ announced: [(name: String, text: [UInt8])], _ definition: PipelineDefinition
    )
        throws(TenonError) -> String
    {
        if announced.count == 1 { return announced[0].name }
        let names = announced.prefix(20).map { "\"\($0.name)\"" }.joined(separator: ", ")
        throw TenonError(
            .pipelineStreamRequired,
            "Which stream of \(definition.sourceIntegrationID) shall be read? "
                + "Give the extract stage's parameters a "
                + (announced.isEmpty ? "`stream` or a `query`." : "`stream`; there are \(names)."))
    }

    /// The source's streams; empty where it cannot list them.
    private static func discover(_ source: PipelineEnd, _ channel: BatchChannel) throws(TenonError)
        -> [(name: String, text: [UInt8])]
    {
        let connection = source.connection
        let answer = try channel.wait { () throws(CallFailure) in try connection.discover() }
        // A source that cannot list its streams may still be able to read the one that was named.
        guard case .success(let items) = answer else { return [] }
        return items.compactMap { text in
            guard let name = (try? JSONParser.parse(text))?["stream"]?.string else { return nil }
            return (name, text)
        }
    }
}
