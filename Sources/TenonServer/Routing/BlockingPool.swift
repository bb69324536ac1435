internal import NIOPosix

/// Threads for calls that may block, so that none runs on the cooperative pool.
package final class BlockingPool: Sendable {
    package static let threadCount = 16
    private let threads = NIOThreadPool(numberOfThreads: BlockingPool.threadCount)

    package init() { threads.start() }

    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.runIfActive(work)
    }

    /// Ends the threads after the work that they have.
    package func stop() async {
        // A pool that was stopped before has nothing left to end.
        try? await threads.shutdownGracefully()
    }
}
