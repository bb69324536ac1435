import CPlatform
import Dispatch
import Synchronization
import TenonModel
import Testing

@testable import TenonConnectors

@Suite(.timeLimit(.minutes(1)))
struct HostedCallTests {
    private static let nap = #"{"ms":60000}"#

    /// Starts a call on a thread of its own and answers its handle, with the place of its answer.
    private func start(
        _ bench: CellBench, deadline: UInt64 = 0
    ) -> (call: any CancellableCall, answer: Latch<Result<[UInt8], CallFailure>>) {
        let started = Latch<any CancellableCall>()
        let answer = Latch<Result<[UInt8], CallFailure>>()
        let request = ActionRequest(
            action: "sleep", input: Array(Self.nap.utf8), deadlineNanoseconds: deadline)
        DispatchQueue.global().async {
            bench.connection.invoke(request, onStart: { started.set($0) }, completion: { answer.set($0) })
        }
        return (started.wait(), answer)
    }

    @Test func `cancel from another thread reaches a blocked connector in the host`() throws {
        try CellBench.run("misbehave", isolation: .host) { bench in
            let (call, answer) = start(bench)
            let start = tp_monotonic_nanoseconds()
            call.cancel()
            let failure = CellBench.failure(answer.wait())
            #expect(failure?.status == .cancelled)
            #expect(tp_monotonic_nanoseconds() - start < 5_000_000_000)
            call.cancel()
            #expect(bench.echoes("1"))
        }
    }

    @Test func `a call that waits for its turn in the host can be cancelled, and gives up at its deadline`()
        throws
    {
        try CellBench.run("misbehave", isolation: .host) { bench in
            let (first, firstAnswer) = start(bench)
            let (second, secondAnswer) = start(bench)
            second.cancel()
            let cancelled = CellBench.failure(secondAnswer.wait())
            #expect(cancelled?.status == .cancelled)
            #expect(cancelled?.effect == .notApplied)
            let (_, thirdAnswer) = start(bench, deadline: tp_monotonic_nanoseconds() + 20_000_000)
            let late = CellBench.failure(thirdAnswer.wait())
            #expect(late?.status == .timeout)
            #expect(late?.effect == .notApplied)
            first.cancel()
            #expect(CellBench.failure(firstAnswer.wait())?.status == .cancelled)
            #expect(bench.echoes("2"))
        }
    }

    @Test func `the deadline ends a blocked call in the host, one after the other`() throws {
        try CellBench.run("misbehave", isolation: .host) { bench in
            for _ in 0..<3 {
                let start = tp_monotonic_nanoseconds()
                let failure = bench.failure("sleep", Self.nap, deadline: start + 50_000_000)
                let taken = tp_monotonic_nanoseconds() - start
                #expect(failure?.status == .timeout)
                #expect(failure?.errorClass == .transient)
                #expect(taken >= 50_000_000)
                #expect(taken < 5_000_000_000)
            }
            // A far deadline before a near one keeps nobody from looking in time.
            let far = tp_monotonic_nanoseconds() + 60_000_000_000
            #expect(bench.failure("echo", "1", deadline: far) == nil)
            let near = tp_monotonic_nanoseconds() + 50_000_000
            #expect(bench.failure("sleep", Self.nap, deadline: near)?.status == .timeout)
        }
    }

    @Test func `stopping an instance in the host cancels what runs on it`() throws {
        try CellBench.run("misbehave", isolation: .host) { bench in
            let (_, answer) = start(bench)
            bench.connection.stop()
            let failure = CellBench.failure(answer.wait())
            // The second where the call had not reached the connector yet.
            #expect(failure?.status == .cancelled || failure?.effect == .notApplied)
        }
    }
}
