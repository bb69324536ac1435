internal import CTenon
internal import Logging
internal import Synchronization
internal import TenonColumns
internal import TenonLoader
package import TenonModel

/// An instance that runs in the host itself: calls are function calls on the caller's thread.
///
/// Nothing protects the host from the connector here, and a connector that hangs keeps its caller: an
/// administrator chose that. Calls on one instance never overlap: there are `concurrency` of them, and each
/// has a gate. A call past its deadline is cancelled, and can be cancelled from other threads meanwhile.
package final class HostedConnection: InstanceConnection {
    private struct State {
        var status: InstanceStatus = .stopped
        var instances: [HostedInstance] = []
        var library: ConnectorLibrary?
        var watch: DeadlineWatch?
    }

    private let plan: LaunchPlan
    private let services: HostServices
    private let host: HostTable
    private let state = Mutex(State())
    private let next = Atomic<Int>(0)

    init(_ plan: LaunchPlan, services: HostServices, time: any TimeSource, logger: Logger) {
        self.plan = plan
        self.services = services
        let name = plan.instanceName
        host = HostTable.make(version: "0.1.0") { level, message, fields in
            services.log(
                LogLine(
                    instanceName: name, level: LogLine.Level(rawValue: level) ?? .error, origin: .service,
                    message: message, fieldsJSON: fields, droppedBefore: 0))
        }
    }

    deinit { stop() }

    package var status: InstanceStatus { state.withLock { $0.status } }
    package var protections: [String] { [] }

    package func start() throws(CallFailure) {
        guard status != .ready else { return }
        do throws(CallFailure) {
            let library: ConnectorLibrary
            do throws(TenonError) { library = try ConnectorLibrary(path: plan.libraryPath) } catch {
                throw CallFailure(loading: error)
            }
            guard plan.concurrency <= 1 || !library.isSerial else {
                var failure = CallFailure(
                    .invalidArgument,
                    "The manifest says concurrency \(plan.concurrency), but the library is serial. Say 1.",
                    effect: .notApplied)
                failure.detailsJSON = "{\"code\":\"library.concurrency\"}"
                throw failure
            }
            var instances: [HostedInstance] = []
            for _ in 0..<max(1, plan.concurrency) { instances.append(try makeInstance(library)) }
            let watch = DeadlineWatch(instances)
            watch.start()
            state.withLock { state in
                state.watch = watch
                state.library = library
                state.instances = instances
                state.status = .ready
            }
        } catch {
            state.withLock { $0.status = .failed(error.message) }
            throw error
        }
    }

    private func makeInstance(_ library: ConnectorLibrary) throws(CallFailure) -> HostedInstance {
        try HostedInstance(library, host: host, plan: plan, services: services)
    }

    // MARK: Calls

    @discardableResult
    package func invoke(_ request: ActionRequest, completion: @escaping ActionCompletion)
        -> any CancellableCall
    {
        invoke(request, onStart: { _ in }, completion: completion)
        return EndedCall()
    }

    package func invoke(
        _ request: ActionRequest, onStart: (any CancellableCall) -> Void,
        completion: @escaping ActionCompletion
    ) {
        do throws(CallFailure) {
            let (instance, watch) = try runningAndWatched()
            completion(.success(try instance.invoke(request, watch: watch, onStart: onStart)))
        } catch {
            completion(.failure(error))
        }
    }

    private func running() throws(CallFailure) -> HostedInstance { try runningAndWatched().0 }

    /// The next instance in turn; callers that meet on one wait for each other.
    private func runningAndWatched() throws(CallFailure) -> (HostedInstance, DeadlineWatch?) {
        let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
        let (instance, watch, status) = state.withLock {
            state -> (HostedInstance?, DeadlineWatch?, InstanceStatus) in
            let instance = state.instances.isEmpty ? nil : state.instances[turn % state.instances.count]
            return (instance, state.watch, state.status)
        }
        guard let instance else {
            throw CallFailure(
                .unavailable, "The instance \(plan.instanceName) is \(status.rawName). \(status.reason)",
                effect: .notApplied)
        }
        return (instance, watch)
    }

    package func check() throws(CallFailure) -> [[UInt8]] {
        try running().items { (instance, frame) throws(CallFailure) in try instance.check(frame: frame) }
    }

    package func discover() throws(CallFailure) -> [[UInt8]] {
        try running().items { (instance, frame) throws(CallFailure) in try instance.discover(frame: frame) }
    }

    package func openReader(_ request: ReadRequest) throws(CallFailure) -> any BatchReader {
        try HostedReader(request, instance: try streamInstance())
    }

    package func openWriter(_ request: WriteRequest) throws(CallFailure) -> any BatchWriter {
        try HostedWriter(request, instance: try streamInstance(), asLines: plan.accepts == ["ndjson"])
    }

    private func streamInstance() throws(CallFailure) -> HostedInstance {
        _ = try running()
        guard let library = state.withLock({ $0.library }) else {
            throw CallFailure(
                .unavailable, "The instance \(plan.instanceName) is not running.", effect: .notApplied)
        }
        return try makeInstance(library)
    }

    package func stop() {
        let (instances, watch) = state.withLock { state -> ([HostedInstance], DeadlineWatch?) in
            defer {
                state.instances = []
                state.watch = nil
            }
            if case .failed = state.status { return (state.instances, state.watch) }
            state.status = .stopped
            return (state.instances, state.watch)
        }
        watch?.stop()
        for instance in instances { instance.prepareToStop() }
        for instance in instances { instance.close() }
    }
}

/// A call that was over before anybody could cancel it.
private struct EndedCall: CancellableCall {
    func cancel() {}
}
