import Synchronization
import TenonJSON
import TenonModel
import Testing

@testable import TenonRuntime

@Suite(.timeLimit(.minutes(1)))
struct BatchChannelTests {
    @Test(arguments: [0, 1000])
    func `what is no batch takes room as well`(_ byteCount: Int) async throws {
        let channel = BatchChannel(maxBytes: 10_000)
        let sent = Mutex(0)
        try channel.run { () throws(TenonError) in
            for _ in 0..<1000 {
                try channel.send(.position([UInt8](repeating: 1, count: byteCount), PipelineCounts()))
                sent.withLock { $0 += 1 }
            }
        }
        #expect(
            try await EngineHost.wait { channel.waitingBytes > 8000 || sent.withLock { $0 } == 1000 })
        #expect(sent.withLock { $0 } < 100)
        for _ in 0..<1000 { _ = try channel.receive() }
        #expect(channel.waitingBytes == 0)
    }
}
