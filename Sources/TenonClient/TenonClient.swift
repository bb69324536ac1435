internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import TenonAPI
package import TenonJSON

/// Calls the REST API of a host.
package struct TenonClient: Sendable {
    /// Such as `http://127.0.0.1:8080`.
    package let url: String
    private let token: String?

    package init(url: String, token: String?) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    /// Sends one request and answers the body of a success; null where there is none.
    package func send(_ call: ClientCall) async throws(ClientError) -> JSON {
        var request = try self.request(call)
        switch call.body {
        case .none: break
        case .json(let body):
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(JSONWriter.bytes(body))
        case .file(let file):
            request.headers.add(name: "Content-Type", value: "application/vnd.sqlite3")
            request.body = .stream(FileChunks(path: file.path), length: .known(file.byteCount))
        }
        let (status, bytes) = try await perform(request, timeout: call.timeout)
        return try Self.body(status: status, bytes)
    }

    private func request(_ call: ClientCall) throws(ClientError) -> HTTPClientRequest {
        // Without it the path would be another one, which may well answer.
        if let empty = call.emptyCapture { throw .emptyName(empty) }
        var request = HTTPClientRequest(url: url + call.target)
        request.method = .RAW(value: call.endpoint.method.rawValue)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let key = call.idempotencyKey { request.headers.add(name: "Idempotency-Key", value: key) }
        return request
    }

    /// Opens the events of an execution; they come as they happen, the last one is `finished`.
    package func events(of id: String) async throws(ClientError) -> ExecutionEventStream {
        let call = ClientCall(.followExecution, id: id)
        let response = try await begin(try request(call), timeout: call.timeout)
        let status = Int(response.status.code)
        guard status == 200 else {
            let bytes = try await answering { () async throws in
                Array(try await response.body.collect(upTo: Self.maxAnswerBytes).readableBytesView)
            }
            _ = try Self.body(status: status, bytes)
            throw .unexpectedAnswer(status: status, reason: "it is no stream of events")
        }
        return ExecutionEventStream(client: self, body: response.body)
    }

    private func perform(
        _ request: HTTPClientRequest, timeout: Duration
    ) async throws(ClientError) -> (Int, [UInt8]) {
        let response = try await begin(request, timeout: timeout)
        let bytes = try await answering { () async throws in
            Array(try await response.body.collect(upTo: Self.maxAnswerBytes).readableBytesView)
        }
        return (Int(response.status.code), bytes)
    }

    /// Sends a request and answers as soon as the head of the answer is there.
    private func begin(
        _ request: HTTPClientRequest, timeout: Duration
    ) async throws(ClientError) -> HTTPClientResponse {
        try await answering { () async throws in
            try await Self.http.execute(
                request, timeout: .nanoseconds(timeout.components.seconds * 1_000_000_000))
        }
    }

    /// Runs what talks to the host and says what its errors mean.
    func answering<Value>(_ talk: () async throws -> Value) async throws(ClientError) -> Value {
        do {
            return try await talk()
        } catch let error as ClientError {
            throw error
        } catch let error as HTTPClientError {
            throw .noServer(url: url, reason: Self.reason(of: error))
        } catch is NIOTooManyBytesError {
            throw .unexpectedAnswer(status: 200, reason: "it is larger than \(Self.maxAnswerBytes >> 20) MB")
        } catch let error as FileChunks.ReadError {
            throw .unexpectedAnswer(status: 0, reason: error.reason)
        } catch {
            throw .noServer(url: url, reason: Self.reason(of: error))
        }
    }

    /// A host that is not there is reported at once, not asked again until the deadline.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration.singletonConfiguration
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(5)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
    static let maxAnswerBytes = 64 << 20

    private static func reason(of error: any Error) -> String {
        if error is NIOConnectionError || (error as? IOError)?.errnoCode == ECONNREFUSED {
            return "the connection was refused"
        }
        switch error as? HTTPClientError {
        case .connectTimeout, .deadlineExceeded: return "it took too long"
        case .invalidURL, .emptyHost, .emptyScheme: return "the address is not a URL"
        default: return "\(error)"
        }
    }

    private static func body(status: Int, _ bytes: [UInt8]) throws(ClientError) -> JSON {
        if bytes.isEmpty, (200..<300).contains(status) { return .null }
        let json: JSON
        do throws(JSONError) {
            json = try JSONParser.parse(bytes)
        } catch {
            throw .unexpectedAnswer(status: status, reason: "it is not JSON: \(error)")
        }
        guard (200..<300).contains(status) else {
            guard let problem = Problem(json) else {
                throw .unexpectedAnswer(status: status, reason: "it is no problem document")
            }
            throw .problem(problem)
        }
        return json
    }
}
