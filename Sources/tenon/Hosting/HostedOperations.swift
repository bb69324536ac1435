internal import Synchronization
internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonServer

/// The host as the REST API calls it.
final class HostedOperations: HostOperations {
    let host: TenonHost
    private let isAccepting = Atomic<Bool>(true)

    init(_ host: TenonHost) { self.host = host }

    var isReady: Bool { isAccepting.load(ordering: .relaxed) }

    func errorPage(_ code: String) -> String? { Installation.errorPage(code) }

    /// Takes no new work and waits for what runs. Blocks.
    func drain() {
        isAccepting.store(false, ordering: .relaxed)
        host.drain(Limits.drain)
    }
}
