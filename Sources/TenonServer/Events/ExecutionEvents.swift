internal import NIOCore
internal import TenonJSON
internal import TenonModel

/// How often a client that follows an execution hears of it.
struct EventTiming: Sendable {
    /// Between two looks at the execution.
    var interval: Duration = .milliseconds(500)
    /// The longest silence.
    var heartbeat: Duration = .seconds(15)
    /// How much longer than the interval a look may take to come back.
    var grace: Duration = .seconds(1)
    /// How long one write may wait for the client.
    var write: Duration = Limits.eventWrite
}

/// What happens to one execution, as one client hears it.
///
/// Every event tells the whole state: a client that reads slowly, or comes again with a `Last-Event-ID`,
/// misses nothing that still matters.
struct ExecutionEvents: Sendable {
    let id: ExecutionID
    let host: Host
    let timing: EventTiming

    /// Writes events until the execution is finished; throws what `write` throws, and cancellation.
    func run(_ write: (ByteBuffer) async throws -> Void) async throws {
        try await write(ServerSentEvent.retry)
        let clock = ContinuousClock()
        var known: JSON?
        var lastWrite = clock.now
        var wait = Duration.zero
        while !(try await isFinished(within: wait)) {
            try Task.checkCancellation()
            let progress = try await host.pool.run { try host.operations.progress(of: id) }
            if progress != known {
                known = progress
                lastWrite = clock.now
                try await write(ServerSentEvent(name: "progress", data: progress).bytes)
            } else if clock.now - lastWrite >= timing.heartbeat {
                lastWrite = clock.now
                try await write(ServerSentEvent.heartbeat)
            }
            wait = timing.interval
        }
        let execution = try await host.pool.run { try host.operations.execution(id, kind: nil) }
        try await write(ServerSentEvent(name: "finished", data: ["execution": execution]).bytes)
    }

    /// Waits for all of `wait`, also where the host says at once that there is no end yet: it does of an
    /// execution that nobody carries out and that is not recorded as finished.
    private func isFinished(within wait: Duration) async throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + wait
        if await hearsOfEnd(within: wait) { return true }
        if clock.now < end { try await Task.sleep(until: end, clock: clock) }
        return false
    }

    /// A host that ends may forget to wake who waits: a stream must not keep it from ending.
    private func hearsOfEnd(within wait: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await host.operations.whenFinished(id, within: wait) }
            group.addTask {
                // Cancelled: the other task was first.
                try? await Task.sleep(for: wait + timing.grace)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
