import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOEmbedded
import Synchronization
import TenonAPI
import TenonJSON
import TenonModel

@testable import TenonServer

/// A host that only remembers what it was asked; the tests here are about HTTP, not about the host.
final class TestHost: HostOperations {
    private let log = Mutex<[String]>([])
    private let isFinished = Atomic(false)
    private let looks = Atomic(0)
    private let progressBytes: Int
    private let isStill: Bool
    private let waiting: Waiting
    let isReady = true

    /// How long somebody waits for the end of an execution that does not come.
    enum Waiting {
        case asLongAsAllowed
        /// Nobody is woken before the end.
        case forgotten
        /// The answer is "not yet", at once.
        case none
    }

    init(progressBytes: Int = 0, isStill: Bool = false, waiting: Waiting = .asLongAsAllowed) {
        self.waiting = waiting
        self.progressBytes = progressBytes
        self.isStill = isStill
    }

    func errorPage(_ code: String) -> String? { code == "workflow.cycle" ? "# workflow.cycle" : nil }

    var calls: [String] { log.withLock { $0 } }
    func note(_ call: String) -> JSON {
        log.withLock { calls in
            calls.append(call)
            return ["id": .string("\(call)-\(calls.count)")]
        }
    }

    func installPackage(at path: String, options: PackageUploadOptions) throws(TenonError) -> JSON {
        let size = FileManager.default.contents(atPath: path)?.count ?? -1
        return note("install \(size) bytes\(options.allowUnsigned ? " unsigned" : "")")
    }
    func packages() throws(TenonError) -> [JSON] { (0..<7).map { .int(Int64($0)) } }
    func package(_ name: String, version: String?) throws(TenonError) -> JSON { note("package \(name)") }
    func removePackage(_ name: String, version: String) throws(TenonError) { _ = note("remove \(name)") }
    func createConnector(_ body: JSON) throws(TenonError) -> JSON { note("createConnector") }
    func connectors(type: String?) throws(TenonError) -> [JSON] { [] }
    func connector(_ id: ConnectorID) throws(TenonError) -> JSON { note("connector \(id)") }
    func deploy(_ id: ConnectorID, _ body: JSON) throws(TenonError) -> JSON { note("deploy \(id)") }
    func instances(project: ProjectID?) throws(TenonError) -> [JSON] { [] }
    func instance(_ id: InstanceID) throws(TenonError) -> JSON { note("instance \(id)") }
    func checkInstance(_ id: InstanceID) throws(TenonError) -> JSON { note("check \(id)") }
    func removeInstance(_ id: InstanceID) throws(TenonError) {}
    func saveWorkflow(_ body: JSON, id: WorkflowID?, mode: SaveMode) throws(TenonError) -> JSON {
        if body["steps"] == nil {
            throw TenonError(
                ErrorCode("workflow.invalid", 422), "The workflow has a mistake.",
                fields: [FieldError(pointer: "/steps", message: "is missing")])
        }
        return note("saveWorkflow")
    }
    func workflow(_ id: WorkflowID) throws(TenonError) -> JSON { note("workflow \(id)") }
    func workflows(project: ProjectID) throws(TenonError) -> [JSON] { [note("workflows of \(project)")] }
    func savePipeline(_ body: JSON, id: PipelineID?, mode: SaveMode) throws(TenonError) -> JSON {
        note("savePipeline")
    }
    func pipeline(_ id: PipelineID) throws(TenonError) -> JSON { note("pipeline \(id)") }
    func pipelines(project: ProjectID) throws(TenonError) -> [JSON] { [] }
    /// The source of the pipeline "hanging" answers after `finish`.
    func explainPipeline(_ id: PipelineID) throws(TenonError) -> JSON {
        if id.rawValue == "hanging" {
            looks.add(1, ordering: .relaxed)
            while !isFinished.load(ordering: .acquiring) { usleep(2000) }
        }
        return ["text": .string("plan of \(id)")]
    }
    func explainPipeline(definition: JSON) throws(TenonError) -> JSON {
        guard definition["stages"] != nil else {
            throw TenonError(
                ErrorCode("pipeline.invalid", 422), "The pipeline has a mistake.",
                fields: [FieldError(pointer: "/stages", message: "is missing")])
        }
        return ["text": "plan"]
    }
    func executeWorkflow(
        _ id: WorkflowID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID {
        ExecutionID(note("execute \(id)")["id"]?.string ?? "")
    }
    func executePipeline(
        _ id: PipelineID, context: JSON, idempotencyKey: String?
    ) throws(TenonError) -> ExecutionID { ExecutionID("slow") }
    /// The execution "slow" runs until `finish`; all others have ended.
    func whenFinished(_ id: ExecutionID, within time: Duration) async -> Bool {
        guard id.rawValue == "slow" else { return true }
        let end =
            switch waiting {
            case .asLongAsAllowed: ContinuousClock.now + time
            case .forgotten: ContinuousClock.now + .seconds(3600)
            case .none: ContinuousClock.now
            }
        while !isFinished.load(ordering: .acquiring), !Task.isCancelled, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(2))
        }
        return isFinished.load(ordering: .acquiring)
    }
    func execution(_ id: ExecutionID, kind: String?) throws(TenonError) -> JSON {
        if id.rawValue == "none" {
            throw TenonError(ErrorCode("execution.not-found", 404), "There is no execution with this id.")
        }
        let isRunning = id.rawValue == "slow" && !isFinished.load(ordering: .acquiring)
        return ["id": .string(id.rawValue), "status": isRunning ? "running" : "completed"]
    }
    /// Another answer each time, unless `isStill`; of `progressBytes` bytes at least.
    func progress(of id: ExecutionID) throws(TenonError) -> JSON {
        let count = isStill ? 0 : looks.add(1, ordering: .relaxed).newValue
        return [
            "id": .string(id.rawValue), "status": "running", "recordsProcessed": .int(Int64(count)),
            "padding": .string(String(repeating: "x", count: progressBytes)),
        ]
    }
    func finish() { isFinished.store(true, ordering: .releasing) }
    /// How often somebody looked at an execution's progress.
    var lookCount: Int { looks.load(ordering: .relaxed) }
    func executions(_ query: ExecutionQuery) throws(TenonError) -> Page { Page(items: []) }
    func cancelExecution(_ id: ExecutionID) throws(TenonError) { _ = note("cancel \(id)") }
    func resolveExecution(_ id: ExecutionID, body: JSON) throws(TenonError) {}
}

/// Sends requests through the server's router, without a socket.
struct TestServer {
    let host = TestHost()
    private let responder: RouterResponder<CallContext>

    init(routes: [Route] = Route.all, token: String? = nil) {
        let directory = FileManager.default.temporaryDirectory.path + "/tenon-uploads"
        let pool = BlockingPool()
        let router = APIRouter(
            host: Host(operations: host, pool: pool),
            reader: RequestReader(pool: pool, uploadDirectory: directory))
        responder = router.router(
            routes, policy: token.map { AccessPolicy(token: $0) } ?? .open, origins: OriginRule()
        ).buildResponder()
    }

    struct Sent {
        var method: HTTPRequest.Method
        var path: String
        var body = ""
        /// Instead of `body`, where they are no text.
        var bytes: [UInt8]?
        var headers: HTTPFields = [:]
        var authority = "localhost:8080"
    }

    struct Received {
        var status: Int
        var headers: HTTPFields
        var json: JSON
        var code: String? { json["code"]?.string }
    }

    func send(_ sent: Sent) async throws -> Received {
        let bytes = sent.bytes ?? Array(sent.body.utf8)
        var headers = sent.headers
        if !bytes.isEmpty, headers[.contentLength] == nil { headers[.contentLength] = String(bytes.count) }
        let head = HTTPRequest(
            method: sent.method, scheme: "http", authority: sent.authority, path: sent.path,
            headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: bytes)))
        let context = CallContext(
            source: ApplicationRequestContextSource(
                channel: EmbeddedChannel(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
        let response = try await responder.respond(to: request, context: context)
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return Received(
            status: response.status.code, headers: response.headers,
            json: (try? JSONParser.parse(writer.bytes)) ?? .null)
    }

    func get(_ path: String) async throws -> Received { try await send(Sent(method: .get, path: path)) }

    func post(_ path: String, _ body: String, _ headers: HTTPFields = [:]) async throws -> Received {
        try await send(Sent(method: .post, path: path, body: body, headers: headers))
    }
}

private final class CollectingWriter: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes += Array(buffer.readableBytesView) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
