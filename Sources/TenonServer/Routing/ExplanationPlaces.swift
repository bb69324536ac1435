internal import Synchronization
internal import TenonModel

/// Lets few explanations happen at a time: each holds a thread until its source answers, and sources that
/// hang must not take the threads of all other requests.
package final class ExplanationPlaces: Sendable {
    /// A quarter of the threads.
    package static let count = BlockingPool.threadCount / 4
    private let active = Mutex(0)

    package init() {}

    /// Does `work` where there is a place; throws `pipeline.too-many-explanations` where there is none.
    func run<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let isFree = active.withLock { active in
            guard active < Self.count else { return false }
            active += 1
            return true
        }
        guard isFree else {
            throw TenonError(
                .tooManyExplanations,
                "\(Self.count) pipelines are being explained, and their sources have not answered yet. Try "
                    + "again in a moment.")
        }
        defer { active.withLock { $0 -= 1 } }
        return try await work()
    }
}
