import Foundation
import Hummingbird
import Logging
import NIOCore
import TenonModel
import Testing

@testable import TenonServer

/// The server's router on a real socket.
final class SocketServer {
    let host: TestHost
    let port: Int
    let subscriptions: EventSubscriptions
    private let task: Task<Void, any Error>

    init(_ host: TestHost = TestHost(), timing: EventTiming = .quick, subscribers: Int = 256) async throws {
        self.host = host
        let pool = BlockingPool()
        var router = APIRouter(
            host: Host(operations: host, pool: pool),
            reader: RequestReader(pool: pool, uploadDirectory: FileManager.default.temporaryDirectory.path),
            timing: timing)
        router.subscriptions = EventSubscriptions(limit: subscribers)
        subscriptions = router.subscriptions
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router.router(Route.all, policy: .open, origins: OriginRule()),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        task = Task {
            // A server that cannot begin tells no port.
            defer { listening.finish() }
            try await application.run()
        }
        var first = ports.makeAsyncIterator()
        port = try #require(await first.next(), "the server does not begin")
    }

    deinit { task.cancel() }

    /// Waits until `count` clients follow an execution.
    func waitForSubscribers(_ count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while subscriptions.count != count {
            try #require(ContinuousClock.now < deadline, "\(subscriptions.count) follow instead of \(count)")
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

extension EventTiming {
    /// A tick is a few milliseconds.
    static let quick = EventTiming(
        interval: .milliseconds(5), heartbeat: .milliseconds(20), grace: .milliseconds(20),
        write: .seconds(30))
}
