package import TenonModel

/// A running instance of a connector, in a cell or in the host.
///
/// All functions but `invoke` block: never call them on the cooperative pool or on an engine thread.
package protocol InstanceConnection: AnyObject, Sendable {
    var status: InstanceStatus { get }
    /// Which limits and protections the cell has put on itself, by name; empty in the host.
    var protections: [String] { get }

    /// Spawns, shakes hands, creates, configures and opens. Throws what went wrong; then nothing runs.
    func start() throws(CallFailure)
    /// What the connector says of reachability, rights and so on: one JSON document an item.
    func check() throws(CallFailure) -> [[UInt8]]
    /// The streams of a source: one JSON document an item.
    func discover() throws(CallFailure) -> [[UInt8]]
    /// Performs an action. `completion` is called exactly once: before this returns, or later from the
    /// reactor's thread, so it must be quick and must not block. An empty result means null.
    @discardableResult
    func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion) -> any CancellableCall
    /// The same; `onStart` gets the handle as soon as the call can be cancelled: before this blocks in a
    /// connector that runs in the host, and at the latest before it returns.
    func invoke(
        _ request: ActionRequest, onStart: (any CancellableCall) -> Void,
        completion: @escaping ActionCompletion)
    func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader
    func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter
    /// Closes and ends what runs; calls that are still in flight fail. Nothing is started again afterwards.
    func stop()
}

extension InstanceConnection {
    package func invoke(
        _ request: ActionRequest, onStart: (any CancellableCall) -> Void,
        completion: @escaping ActionCompletion
    ) {
        onStart(invoke(request, completion: completion))
    }
}

package typealias ActionCompletion = @Sendable (Result<[UInt8], CallFailure>) -> Void

/// One call of an action.
package struct ActionRequest: Sendable {
    package var action: String
    /// A JSON document.
    package var input: [UInt8]
    /// CLOCK_MONOTONIC; 0 for none.
    package var deadlineNanoseconds: UInt64
    package var idempotencyKey: String
    package var traceparent: String
    package var attempt: UInt32

    package init(
        action: String, input: [UInt8], deadlineNanoseconds: UInt64 = 0, idempotencyKey: String = "",
        traceparent: String = "", attempt: UInt32 = 1
    ) {
        self.action = action
        self.input = input
        self.deadlineNanoseconds = deadlineNanoseconds
        self.idempotencyKey = idempotencyKey
        self.traceparent = traceparent
        self.attempt = attempt
    }
}

/// How a running instance is.
package enum InstanceStatus: Sendable, Equatable {
    case starting
    case ready
    /// It ended again and again; it is tried again after a while.
    case degraded(String)
    case failed(String)
    case stopped

    package var rawName: String {
        switch self {
        case .starting: "starting"
        case .ready: "ready"
        case .degraded: "degraded"
        case .failed: "failed"
        case .stopped: "stopped"
        }
    }
    /// Why it is not ready, or empty.
    package var reason: String {
        switch self {
        case .starting, .ready, .stopped: ""
        case .degraded(let reason), .failed(let reason): reason
        }
    }
}

/// A call that is under way.
package protocol CancellableCall: Sendable {
    /// Asks the connector to give up; the completion still comes, exactly once.
    func cancel()
}
