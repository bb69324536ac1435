internal import Logging
internal import Glibc
internal import Synchronization
internal import TenonModel
internal import TenonStore

/// Runs workflow executions on threads of its own.
///
/// A thread takes an execution, lets its machine decide, hands the rows to the journal, and goes on with the
/// next. One that finds nothing to do commits for everybody, which sets the recorded effects free.
package final class Engine: @unchecked Sendable {
    /// A call that takes longer no longer counts as work of its thread: a spare one takes its place.
    static let blockedAfterNanoseconds: UInt64 = 1_000_000
    private static let maxThreads = 64
    /// So many changes are committed even while there is other work.
    private static let maxBacklog = 256
    private static let commitRetry: Duration = .milliseconds(250)

    let journal: Journal
    let directory: any InstanceDirectory
    let secrets: SecretVault
    let time: any TimeSource
    let queue: RunQueue
    let timers: TimerQueue
    let logger: Logger
    private let threadCount: Int
    private let live = Mutex<[ExecutionID: any LiveRun]>([:])
    private let isCommitPaused = Atomic<Bool>(false)

    // Invariant: the four below are only touched while `supervision` is locked.
    private let supervision = Condition()
    private var workers: [ObjectIdentifier: Worker] = [:]
    private var supervisor: pthread_t?
    private var isStopping = false
    private let isSupervisorAsleep = Atomic<Bool>(false)

    init(
        journal: Journal, directory: any InstanceDirectory, secrets: SecretVault, threadCount: Int,
        time: any TimeSource, logger: Logger
    ) {
        self.journal = journal
        self.directory = directory
        self.secrets = secrets
        self.time = time
        self.logger = logger
        self.threadCount = max(1, threadCount)
        queue = RunQueue(threadCount: self.threadCount)
        timers = TimerQueue(time: time)
    }

    package func start() {
        supervision.withLock {
            for _ in 0..<threadCount { startWorker(isSpare: false) }
            supervisor = startThread { [self] in supervise() }
        }
    }

    /// Ends the threads; executions stay as their rows have them. A thread that is stuck in a call is left
    /// behind.
    package func stop() {
        timers.stop()
        queue.close()
        let running = supervision.withLock {
            isStopping = true
            supervision.broadcast()
            defer { supervisor = nil }
            return supervisor
        }
        if let running { pthread_join(running, nil) }
        let deadline = monotonicNanoseconds() + 2_000_000_000
        supervision.withLock {
            while !workers.isEmpty, supervision.wait(until: deadline) {}
        }
    }

    /// Returns once no execution has anything in flight, or when `limit` is over.
    package func waitUntilQuiet(_ limit: Duration) {
        let deadline = monotonicNanoseconds() &+ UInt64(max(0, limit.wholeNanoseconds))
        while monotonicNanoseconds() < deadline {
            let runs = live.withLock { Array($0.values) }
            guard runs.contains(where: { $0.isBusy }) else { return }
            // Ends of calls, commits and pipelines have no common place to wait at; this happens once in a
            // host's life.
            usleep(10_000)
        }
    }

    /// Has everything that runs outside the engine's threads stop for the next host to take over, and waits
    /// for it a moment.
    package func leaveAll() {
        for run in live.withLock({ Array($0.values) }) { run.leave() }
        let deadline = monotonicNanoseconds() + 1_000_000_000
        while live.withLock({ $0.values.contains { $0 is LivePipeline } }), monotonicNanoseconds() < deadline
        {
            usleep(5_000)
        }
    }

    /// `run` has stopped without an end of its own.
    func leave(_ run: any LiveRun) { live.withLock { _ = $0.removeValue(forKey: run.id) } }

    func keep(_ run: any LiveRun) { live.withLock { $0[run.id] = run } }

    func run(_ id: ExecutionID) -> (any LiveRun)? { live.withLock { $0[id] } }

    /// The end of `run` is recorded.
    func forget(_ run: any LiveRun) {
        live.withLock { _ = $0.removeValue(forKey: run.id) }
        run.finish.finish()
    }

    func enqueue(_ item: RunItem) {
        queue.push(item)
        wake(1)
    }

    func wake(_ count: Int) {
        guard count > 0, !queue.wake(count), isSupervisorAsleep.load(ordering: .relaxed) else { return }
        supervision.withLock { supervision.broadcast() }
    }

    /// Records `changes` on this thread; what that sets free goes on.
    func record(_ changes: [JournalChange], _ durability: Journal.Durability) throws(TenonError) {
        let failures = try record([Journal.Part(changes: changes, durability: durability)])
        if let failure = failures[0] { throw failure }
    }

    /// As `record`, several parts in one commit; answers why some could not be, by their positions.
    func record(_ parts: [Journal.Part]) throws(TenonError) -> [Int: TenonError] {
        // What others have added meanwhile has found this thread committing, and its threads may sleep.
        defer { if journal.backlog > 0 { wake(1) } }
        let outcome = try journal.record(parts)
        // Also where these parts were refused: others were recorded with them.
        wake(outcome.releasedOwnerCount)
        return outcome.failures
    }
}

extension Engine {
    /// The caller holds `supervision`.
    private func startWorker(isSpare: Bool) {
        let worker = Worker(isSpare: isSpare)
        let thread = startThread { [self] in
            work(worker)
            supervision.withLock {
                workers[ObjectIdentifier(worker)] = nil
                supervision.broadcast()
            }
        }
        guard let thread else {
            logger.error("cannot start an engine thread")
            return
        }
        pthread_detach(thread)
        workers[ObjectIdentifier(worker)] = worker
    }

    private func work(_ worker: Worker) {
        while true {
            if let item = queue.take() {
                let backlog = journal.backlog
                // While this thread is busy, another one may commit.
                if backlog > 0 { wake(1) }
                switch item {
                case .execution(let execution): execution.turn(worker)
                case .call(let execution, let call): execution.perform(call, worker)
                }
                if backlog >= Self.maxBacklog { _ = commit() }
                continue
            }
            if commit() { continue }
            if worker.isSpare || !queue.sleep() { return }
        }
    }

    /// Commits what is pending. False: there was nothing to do.
    private func commit() -> Bool {
        guard !isCommitPaused.load(ordering: .relaxed), let outcome = journal.commitPending() else {
            return false
        }
        if let failure = outcome.failure { pauseCommits(failure) }
        // This thread takes one of the released executions itself; what piled up meanwhile is another one's
        // commit.
        wake(outcome.releasedOwnerCount - 1 + (journal.backlog > 0 ? 1 : 0))
        return true
    }

    private func pauseCommits(_ failure: TenonError) {
        logger.error(
            "executions wait because their progress cannot be recorded", metadata: ["error": "\(failure)"])
        isCommitPaused.store(true, ordering: .relaxed)
        timers.schedule(after: Self.commitRetry) { [self] in
            isCommitPaused.store(false, ordering: .relaxed)
            wake(1)
        }
    }

    /// Starts spare threads while work waits and threads are stuck in calls.
    private func supervise() {
        supervision.lock()
        while !isStopping {
            guard queue.waitingCount > 0 || journal.backlog > 0 else {
                isSupervisorAsleep.store(true, ordering: .relaxed)
                _ = supervision.wait(until: monotonicNanoseconds() + 100_000_000)
                isSupervisorAsleep.store(false, ordering: .relaxed)
                continue
            }
            _ = supervision.wait(until: monotonicNanoseconds() + Self.blockedAfterNanoseconds)
            let now = monotonicNanoseconds()
            let active = workers.values.count { !$0.isBlocked(at: now) }
            let missing = min(threadCount - active, Self.maxThreads - workers.count)
            guard missing > 0, !isStopping, queue.waitingCount > 0 || journal.backlog > 0 else { continue }
            for _ in 0..<missing { startWorker(isSpare: true) }
        }
        supervision.unlock()
    }
}
