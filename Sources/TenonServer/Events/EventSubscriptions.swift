internal import Synchronization
internal import TenonModel

/// Counts the clients that follow executions, so that they stay within a limit.
final class EventSubscriptions: Sendable {
    private let limit: Int
    private let active = Mutex(0)

    init(limit: Int = Limits.eventSubscribers) { self.limit = limit }

    var count: Int { active.withLock { $0 } }

    /// A place for one client, held as long as the value lives.
    func claim() throws(TenonError) -> EventSubscription {
        let isFree = active.withLock { active in
            guard active < limit else { return false }
            active += 1
            return true
        }
        guard isFree else {
            throw TenonError(
                .tooManyFollowers,
                "\(limit) clients follow executions already, and more cannot. Ask for the execution itself "
                    + "now and then, or try again later.")
        }
        return EventSubscription(self)
    }

    fileprivate func release() { active.withLock { $0 -= 1 } }
}

/// One client's place; given back with its last reference, however the answer ended. A class for its `deinit`.
final class EventSubscription: Sendable {
    private let subscriptions: EventSubscriptions

    fileprivate init(_ subscriptions: EventSubscriptions) { self.subscriptions = subscriptions }

    deinit { subscriptions.release() }
}
