internal import AsyncHTTPClient
internal import NIOCore
package import TenonAPI
internal import TenonJSON

/// What a host tells of an execution that is followed.
package enum ExecutionEvent: Equatable, Sendable {
    case progress(ProgressBody)
    case finished(ExecutionBody)
}

/// The events of one execution, as they come.
package struct ExecutionEventStream {
    private let client: TenonClient
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var parser = EventStreamParser(maxEventBytes: TenonClient.maxAnswerBytes)
    private var pending: ArraySlice<ExecutionEvent> = []

    init(client: TenonClient, body: HTTPClientResponse.Body) {
        self.client = client
        self.body = body.makeAsyncIterator()
    }

    /// The next event; nil where the stream ended, after `finished` or because the host ends.
    package mutating func next() async throws(ClientError) -> ExecutionEvent? {
        while pending.isEmpty {
            guard let bytes = try await chunk() else { return nil }
            do throws(EventStreamParser.TooLarge) {
                pending = try parser.events(in: bytes.readableBytesView).compactMap(Self.event)[...]
            } catch {
                throw .unexpectedAnswer(
                    status: 200, reason: "an event is larger than \(TenonClient.maxAnswerBytes >> 20) MB")
            }
        }
        return pending.popFirst()
    }

    private mutating func chunk() async throws(ClientError) -> ByteBuffer? {
        var body = body
        defer { self.body = body }
        return try await client.answering { () async throws in try await body.next() }
    }

    /// Events of kinds that this client does not know are passed over.
    private static func event(_ event: EventStreamParser.Event) -> ExecutionEvent? {
        guard let json = try? JSONParser.parse(event.data) else { return nil }
        switch event.name {
        case "progress": return ProgressBody(json).map { .progress($0) }
        case "finished": return json["execution"].flatMap(ExecutionBody.init).map { .finished($0) }
        default: return nil
        }
    }
}
