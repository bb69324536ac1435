internal import Crypto
internal import Synchronization

/// Remembers the answers to requests with an `Idempotency-Key`, so that a repeated request changes nothing.
final class IdempotencyLedger: Sendable {
    static let maxEntries = 10_000

    enum Claim: Equatable {
        /// Nobody used the key here: go on, then `record` or `release`.
        case fresh
        case answered(Answer)
        /// The first request with the key still runs.
        case inUse
        case otherBody
    }

    private struct Entry {
        let bodyHash: [UInt8]
        var answer: Answer?
    }
    private struct State {
        var entries: [String: Entry] = [:]
        /// Keys with an answer, the oldest first.
        var order: [String] = []
    }
    private let state = Mutex(State())

    func claim(_ key: String, body: [UInt8]) -> Claim {
        let hash = Array(SHA256.hash(data: body))
        return state.withLock { state in
            guard let entry = state.entries[key] else {
                state.entries[key] = Entry(bodyHash: hash)
                return .fresh
            }
            guard entry.bodyHash == hash else { return .otherBody }
            return entry.answer.map { .answered($0) } ?? .inUse
        }
    }

    func record(_ key: String, _ answer: Answer) {
        state.withLock { state in
            state.entries[key]?.answer = answer
            state.order.append(key)
            guard state.order.count > Self.maxEntries else { return }
            let oldest = state.order.prefix(Self.maxEntries / 10)
            for key in oldest { state.entries[key] = nil }
            state.order.removeFirst(oldest.count)
        }
    }

    /// Forgets a key whose request failed, so that it can be tried again.
    func release(_ key: String) {
        state.withLock { $0.entries[key] = nil }
    }
}
