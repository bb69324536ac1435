import Synchronization
import TenonColumns
import TenonConnectors
import TenonJSON
import TenonModel

@testable import TenonRuntime

/// A connection that answers in this process, for tests of the engine alone.
final class InProcessConnection: InstanceConnection {
    enum Answer {
        case now(Result<[UInt8], CallFailure>)
        /// The test keeps the completion and answers when it likes.
        case later
    }

    let answer: @Sendable (ActionRequest) -> Answer
    private let heedsCancel: Bool
    private let kept = Mutex<[Int: ActionCompletion]>([:])
    private let lastCall = Atomic<Int>(0)
    private let cancelledCalls = Atomic<Int>(0)

    init(heedsCancel: Bool = true, _ answer: @escaping @Sendable (ActionRequest) -> Answer) {
        self.heedsCancel = heedsCancel
        self.answer = answer
    }

    var cancelCount: Int { cancelledCalls.load(ordering: .relaxed) }
    var keptCount: Int { kept.withLock { $0.count } }

    /// Answers everything that was kept.
    func release(_ result: Result<[UInt8], CallFailure> = .success([])) {
        let completions = kept.withLock { kept in
            defer { kept = [:] }
            return kept
        }
        for (_, completion) in completions.sorted(by: { $0.key < $1.key }) { completion(result) }
    }

    @discardableResult
    func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion) -> any CancellableCall {
        let number = lastCall.add(1, ordering: .relaxed).newValue
        switch answer(request) {
        case .now(let result): completion(result)
        case .later: kept.withLock { $0[number] = completion }
        }
        return Call(connection: self, number: number)
    }

    private struct Call: CancellableCall {
        let connection: InProcessConnection
        let number: Int
        func cancel() {
            connection.cancelledCalls.add(1, ordering: .relaxed)
            guard connection.heedsCancel else { return }
            let completion = connection.kept.withLock { $0.removeValue(forKey: number) }
            completion?(.failure(CallFailure(.cancelled, "cancelled", effect: .notApplied)))
        }
    }

    var status: InstanceStatus { .ready }
    var protections: [String] { [] }
    func start() throws(CallFailure) {}
    func check() throws(CallFailure) -> [[UInt8]] { [] }
    func discover() throws(CallFailure) -> [[UInt8]] { [] }
    func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader {
        throw CallFailure(.notImplemented, "no source")
    }
    func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter {
        throw CallFailure(.notImplemented, "no target")
    }
    func stop() {}
}

extension InstanceConnection where Self == InProcessConnection {
    /// Answers nothing, not even to being cancelled.
    static var deaf: InProcessConnection { InProcessConnection(heedsCancel: false) { _ in .later } }

    /// Answers null at once.
    static var noop: InProcessConnection { InProcessConnection { _ in .now(.success([])) } }
}

/// Knows instances by integration id.
struct InProcessDirectory: InstanceDirectory {
    var connections: [String: any InstanceConnection]
    var effect: ActionEffect = .read
    /// Changes where the instances are others than before.
    var generation = 1
    /// What a manifest would say of every action.
    var action: ActionDescription?
    /// Called before it is answered where a call goes.
    var onTarget: @Sendable () -> Void = {}

    func target(_ project: ProjectID, _ integration: IntegrationID, action: String, input: JSON)
        throws(TenonError) -> CallTarget
    {
        onTarget()
        var target = CallTarget(connection: try connection(integration), effect: effect)
        target.action = self.action
        return target
    }

    func end(_ project: ProjectID, _ integration: IntegrationID) throws(TenonError) -> PipelineEnd {
        let connection = try connection(integration)
        var end = PipelineEnd(connection: connection, accepts: ["int64", "utf8"], defaultStream: nil)
        end.identity = "\(integration) \(generation)"
        if let box = connection as? RecordBox { end.guarantee = box.plan.guarantee }
        return end
    }

    private func connection(_ integration: IntegrationID) throws(TenonError) -> any InstanceConnection {
        guard let connection = connections[integration.rawValue] else {
            throw TenonError(ErrorCode("integration.not-deployed", 422), "\(integration) is not deployed.")
        }
        return connection
    }
}
