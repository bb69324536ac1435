import TenonJSON
import TenonModel
import TenonWorkflow
import Testing

@Suite struct RetryTests {
    private let transient = CallFailure(.unavailable, "away")

    private func simulation(_ retry: JSONObject, _ more: JSONObject = [:], id: String = "e") throws
        -> Simulation
    {
        var step: JSONObject = ["retry": .object(retry)]
        for member in more { step[member.key] = member.value }
        var simulation = try Simulation(.workflow([.call("A", step), .call("B")]), id: id)
        try simulation.start()
        return simulation
    }

    /// The pause that the machine asked for last.
    private func pause(_ simulation: Simulation) -> Duration? {
        guard case .retry(_, let at) = simulation.effects.last else { return nil }
        return at - simulation.now
    }

    @Test func `a transient failure is tried three times by default, then the step fails`() throws {
        var simulation = try Simulation(.workflow([.call("A")]))
        try simulation.start()
        for attempt in 1...2 {
            #expect(simulation.calls.map(\.attempt) == [attempt])
            try simulation.fail("A", transient)
            #expect(try simulation.state("A").status == .waiting)
            #expect(simulation.machine.status == .running)
            try simulation.apply(.retryDue(step: 0))
        }
        try simulation.fail("A", transient)
        #expect(try simulation.state("A").status == .failed)
        #expect(simulation.machine.status == .failed)
        #expect(simulation.machine.failure?.code.rawValue == "workflow.step-failed")
        #expect(simulation.machine.failure?.message == "step \"A\" failed: away")
    }

    @Test(arguments: [CallStatus.invalidArgument, .badData, .internal, .notFound])
    func `other classes are not tried again by default`(status: CallStatus) throws {
        var simulation = try Simulation(.workflow([.call("A")]))
        try simulation.start()
        try simulation.fail("A", CallFailure(status, "no"))
        #expect(simulation.machine.status == .failed)
    }

    @Test func `on names the classes that are tried again`() throws {
        var simulation = try simulation(["on": ["data"]])
        try simulation.fail("A", CallFailure(.badData, "no"))
        #expect(try simulation.state("A").status == .waiting)
        try simulation.apply(.retryDue(step: 0))
        try simulation.fail("A", transient)
        #expect(simulation.machine.status == .failed)
    }

    @Test func `pauses grow by the factor up to the longest`() throws {
        var simulation = try simulation([
            "maxAttempts": 6, "initialDelay": "1s", "factor": 3, "maxDelay": "10s", "jitter": 0,
        ])
        var pauses: [Duration?] = []
        for _ in 1...5 {
            try simulation.fail("A", transient)
            pauses.append(pause(simulation))
            try simulation.apply(.retryDue(step: 0))
        }
        #expect(pauses == [.seconds(1), .seconds(3), .seconds(9), .seconds(10), .seconds(10)])
    }

    @Test func `a connector's wish for a later call is heeded`() throws {
        var simulation = try simulation(["initialDelay": "1s", "maxDelay": "2s"])
        var failure = transient
        failure.retryAfterMilliseconds = 7000
        try simulation.fail("A", failure)
        #expect(pause(simulation) == .seconds(7))
    }

    @Test func `a hostile wish for a later call is bounded`() throws {
        var simulation = try simulation([:])
        var failure = transient
        failure.retryAfterMilliseconds = .max
        try simulation.fail("A", failure)
        #expect(pause(simulation) == Limits.longestRetryAfter)
    }

    @Test func `jitter shortens a pause, the same for the same execution and differently for others`() throws
    {
        var pauses: Set<Duration> = []
        for number in 1...20 {
            var first = try simulation(["initialDelay": "10s", "jitter": 0.5], id: "e\(number)")
            var second = try simulation(["initialDelay": "10s", "jitter": 0.5], id: "e\(number)")
            try first.fail("A", transient)
            try second.fail("A", transient)
            let length = try #require(pause(first))
            #expect(length == pause(second))
            #expect(length > .seconds(5) && length <= .seconds(10))
            pauses.insert(length)
        }
        #expect(pauses.count == 20)
    }

    @Test func `no attempt begins after maxElapsed`() throws {
        var simulation = try simulation([
            "maxAttempts": 50, "initialDelay": "4s", "factor": 1, "jitter": 0, "maxElapsed": "9s",
        ])
        var attempts = 1
        while simulation.machine.status == .running, attempts < 50 {
            try simulation.fail("A", transient)
            guard let pause = pause(simulation) else { break }
            simulation.now = simulation.now + pause
            try simulation.apply(.retryDue(step: 0))
            attempts += 1
        }
        #expect(attempts == 3)
        #expect(simulation.machine.status == .failed)
    }

    @Test func `every attempt has the same idempotency key, and other steps and executions another`() throws {
        var simulation = try simulation([:])
        let first = simulation.calls[0].idempotencyKey
        try simulation.fail("A", transient)
        try simulation.apply(.retryDue(step: 0))
        #expect(simulation.calls[0].idempotencyKey == first)
        #expect(simulation.calls[0].attempt == 2)
        try simulation.succeed("A")
        #expect(simulation.calls[0].idempotencyKey != first)
        let other = try self.simulation([:], id: "other")
        #expect(other.calls[0].idempotencyKey != first)
    }

    @Test func `a failure whose effect was applied is not tried again`() throws {
        var simulation = try simulation([:])
        try simulation.fail("A", CallFailure(.unavailable, "answer lost", effect: .applied))
        #expect(simulation.machine.status == .failed)
    }

    @Test func `siblings finish their attempts after a failure`() throws {
        var simulation = try Simulation(
            .workflow([.call("A", ["order": 0]), .call("B", ["order": 0]), .call("C")]))
        try simulation.start()
        try simulation.fail("B", transient)
        try simulation.fail("A")
        #expect(simulation.machine.status == .running)
        try simulation.apply(.retryDue(step: 1))
        try simulation.succeed("B")
        #expect(simulation.machine.status == .failed)
        #expect(simulation.machine.steps.map(\.status) == [.failed, .completed, .skipped])
    }

    // MARK: Timeouts

    @Test func `a call has the least of its attempt's, its step's and its execution's time`() throws {
        func timeout(_ step: JSONObject, _ workflow: JSONObject = [:]) throws -> Duration {
            var simulation = try Simulation(.workflow([.call("A", step)], workflow))
            try simulation.start()
            return simulation.calls[0].timeout
        }
        #expect(try timeout([:]) == Limits.callTimeout)
        #expect(try timeout(["timeout": "90s"]) == .seconds(90))
        #expect(try timeout(["timeout": "9s", "retry": ["attemptTimeout": "2s"]]) == .seconds(2))
        #expect(try timeout(["timeout": "9s"], ["timeout": "4s"]) == .seconds(4))
    }

    @Test func `a step's time bounds all its attempts together`() throws {
        var simulation = try simulation(["initialDelay": "1s", "jitter": 0], ["timeout": "3s"])
        #expect(simulation.effects.contains(.deadline(step: 0, at: simulation.now + .seconds(3))))
        try simulation.fail("A", transient)
        simulation.now = simulation.now + .seconds(1)
        try simulation.apply(.retryDue(step: 0))
        #expect(simulation.calls[0].timeout == .seconds(2))
        try simulation.fail("A", transient)
        // The next attempt would begin when the time is over.
        #expect(try simulation.state("A").status == .failed)
    }

    @Test func `a running step whose time is over is cancelled, fails and is not tried again`() throws {
        var simulation = try simulation([:], ["timeout": "3s"])
        let effects = try simulation.apply(.timedOut(step: 0))
        #expect(effects == [.cancelCall(step: 0)])
        #expect(try simulation.state("A").status == .running)
        try simulation.fail("A", CallFailure(.cancelled, "cancelled"))
        let state = try simulation.state("A")
        #expect(state.status == .failed)
        #expect(state.error?.status == .timeout)
        #expect(state.error?.message == "the step took longer than 3.0 s: cancelled")
    }

    @Test func `an answer that comes while a step is being cancelled for its time still counts`() throws {
        var simulation = try simulation([:], ["timeout": "3s"])
        try simulation.apply(.timedOut(step: 0))
        try simulation.succeed("A", 1)
        #expect(try simulation.state("A").status == .completed)
    }

    @Test func `a step whose time is over while it waits fails at once`() throws {
        var simulation = try simulation([:], ["timeout": "3s"])
        try simulation.fail("A", transient)
        try simulation.apply(.timedOut(step: 0))
        #expect(try simulation.state("A").status == .failed)
        #expect(simulation.machine.status == .failed)
    }

    @Test func `an execution whose time is over cancels what runs and ends timed-out`() throws {
        var simulation = try Simulation(.workflow([.call("A"), .call("B")], ["timeout": "5s"]))
        try simulation.start()
        #expect(simulation.effects.contains(.deadline(step: nil, at: simulation.now + .seconds(5))))
        let effects = try simulation.apply(.timedOut(step: nil))
        #expect(effects == [.cancelCall(step: 0)])
        try simulation.fail("A", CallFailure(.cancelled, "cancelled"))
        #expect(simulation.machine.status == .timedOut)
        #expect(simulation.machine.steps.map(\.status) == [.cancelled, .cancelled])
        #expect(simulation.machine.failure?.code.rawValue == "workflow.timed-out")
    }

    // MARK: Cancel

    @Test func `cancel lets nothing new start, cancels what runs, and ends when that has ended`() throws {
        var simulation = try Simulation(
            .workflow([.call("A", ["order": 0]), .call("B", ["order": 0]), .call("C", ["runIf": "always"])]))
        try simulation.start()
        try simulation.fail("B", transient)
        let effects = try simulation.apply(.cancelRequested)
        #expect(effects == [.cancelCall(step: 0)])
        #expect(simulation.machine.status == .running)
        try simulation.fail("A", CallFailure(.cancelled, "cancelled"))
        #expect(simulation.machine.status == .cancelled)
        #expect(simulation.machine.steps.map(\.status) == [.cancelled, .cancelled, .cancelled])
        #expect(simulation.effects.last == .finished)
    }

    @Test func `a step that succeeds while it is being cancelled is completed`() throws {
        var simulation = try Simulation(.workflow([.call("A"), .call("B")]))
        try simulation.start()
        try simulation.apply(.cancelRequested)
        try simulation.succeed("A", 1)
        #expect(simulation.machine.steps.map(\.status) == [.completed, .cancelled])
        #expect(simulation.machine.status == .cancelled)
    }

    @Test func `an execution that was never started can be cancelled`() throws {
        var simulation = try Simulation(.workflow([.call("A")]))
        let effects = try simulation.apply(.cancelRequested)
        #expect(effects == [.finished])
        #expect(simulation.machine.status == .cancelled)
    }
}
