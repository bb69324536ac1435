internal import TenonColumns
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonPipeline

/// What a pipeline reads, and under which name its target stores it.
struct StreamChoice: Sendable {
    /// The request of `open_reader`, before anything is pushed down.
    var readRequest: JSONObject
    /// The same with secrets in it, where it names some: for the connector alone.
    var secretRequest: JSONObject?
    /// Nil where only a query was given.
    var sourceStream: String?
    var targetStream: String
    /// The columns that the source announces, where it does.
    var hint: Schema?
    private let sourceID: IntegrationID

    /// Follows the definition, else the instances' `defaultStream`, else the only stream that the source
    /// knows.
    init(_ definition: PipelineDefinition, _ ends: PipelineEnds, _ channel: BatchChannel)
        throws(TenonError)
    {
        sourceID = definition.sourceIntegrationID
        let announced = try Self.discover(ends.source, sourceID, channel)
        var stream = definition.extract.stream
        if stream == nil, definition.extract.query == nil {
            stream = ends.source.defaultStream
            if stream == nil { stream = try Self.onlyStream(announced, definition) }
        }
        var request: JSONObject = ["batchBytes": .int(Int64(Limits.pipelineBatchBytes))]
        if let stream { request["stream"] = .string(stream) }
        if let query = definition.extract.query { request["query"] = .string(query) }
        if let rowCount = definition.extract.batchRows { request["checkpointRows"] = .int(Int64(rowCount)) }
        readRequest = request
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
        hint = try Self.columns(of: sourceStream, Self.discover(source, sourceID, channel))
        guard hint == nil else { return }
        // Without them the reader would be asked for something else than where it stopped.
        throw TenonError(
            .pipelineSourceFailed,
            "\(sourceID) has changed its columns while it was read and no longer says which it has. "
                + "The target keeps what was committed before.")
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
    private static func discover(_ source: PipelineEnd, _ id: IntegrationID, _ channel: BatchChannel)
        throws(TenonError) -> [(name: String, text: [UInt8])]
    {
        let connection = source.connection
        let answer = try channel.wait { () throws(CallFailure) in try connection.discover() }
        do {
            return try answer.get().compactMap { text in
                // A stream whose description is no JSON cannot be chosen by its name.
                guard let name = (try? JSONParser.parse(text))?["stream"]?.string else { return nil }
                return (name, text)
            }
        } catch  where [.unavailable, .timeout, .rateLimited].contains(error.status) {
            throw TenonError(
                .pipelineSourceFailed, "\(id) could not say what it has: \(error.message.asSentence)", error)
        } catch {
            // A source that cannot list its streams may still be able to read the one that was named.
            return []
        }
    }

    /// What to say when reading fails.
    func readFailure(_ failure: CallFailure) -> TenonError {
        let advice =
            failure.status == .schemaChanged
            ? " Its columns change again and again while it is read: wait until they stay as they are." : ""
        return TenonError(
            .pipelineSourceFailed,
            "Reading \(sourceStream.map { "the stream \"\($0)\"" } ?? "the query") from "
                + "\(sourceID) failed: \(failure.message.asSentence)"
                + advice, failure)
    }
}

// MARK: Rows

extension StreamChoice {
    var json: JSON {
        [
            "request": .object(readRequest), "stream": sourceStream.map(JSON.string) ?? .null,
            "target": .string(targetStream), "announced": (hint?.jsonText).map(JSON.string) ?? .null,
        ]
    }

    /// As an earlier start of the host has recorded it; nil where that cannot be read.
    init?(_ json: JSON, source: IntegrationID) {
        guard let request = json["request"]?.object, let target = json["target"]?.string else { return nil }
        sourceID = source
        readRequest = request
        sourceStream = json["stream"]?.string
        targetStream = target
        guard let columns = json["announced"]?.string else { return }
        // `try?`: without it the pipeline would be planned another way, which is noticed and said.
        hint = try? Schema.parse(json: Array(columns.utf8))
    }
}
