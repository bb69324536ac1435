internal import TenonModel

/// Stands for an instance that this host cannot even try to run: everything fails with the reason.
final class BrokenConnection: InstanceConnection {
    private struct NoCall: CancellableCall {
        func cancel() {}
    }

    private let reason: String

    init(_ reason: String) { self.reason = reason }

    private var failure: CallFailure {
        CallFailure(.unavailable, reason, errorClass: .config, effect: .notApplied)
    }

    var status: InstanceStatus { .failed(reason) }
    var protections: [String] { [] }
    func start() throws(CallFailure) { throw failure }
    func check() throws(CallFailure) -> [[UInt8]] { throw failure }
    func discover() throws(CallFailure) -> [[UInt8]] { throw failure }
    func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion) -> any CancellableCall {
        completion(.failure(failure))
        return NoCall()
    }
    func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader { throw failure }
    func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter { throw failure }
    func stop() {}
}
