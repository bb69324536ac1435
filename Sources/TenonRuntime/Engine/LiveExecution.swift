internal import Synchronization
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonWorkflow

/// A workflow execution in memory: its run machine, what has come in for it, and what waits for a commit.
///
///     idle --message or commit--> queued --a thread takes it--> running --nothing left--> idle
///
/// One thread at a time runs it, so that its machine sees one event after the other. Effects are performed in
/// the order of the commits that record them, each after its commit.
final class LiveExecution: LiveRun, JournalOwner {
    enum Message: Sendable {
        case event(RunEvent)
        /// `mask`: of what the call's input held.
        case answer(step: Int, Result<[UInt8], CallFailure>, target: CallTarget, mask: SecretMask)
    }

    struct Inbox {
        enum Phase { case idle, queued, running }
        var phase: Phase
        var messages: [Message] = []
        /// How many commits have happened whose effects are still to be performed.
        var releasedCount = 0
        var calls: [CallInFlight] = []
        /// An event that ends the execution came in: what is called now is not sent any more.
        var isEnding = false
        /// Why its progress cannot be recorded any more.
        var refusal: TenonError?
        /// Its end because of that is recorded, as far as it could be.
        var isGivenUp = false
        /// Of each step, -1 for the whole execution: what is to be taken back when it is over.
        var timers: [Int: [UInt64]] = [:]
    }

    struct Run {
        var machine: RunMachine
        /// What to do after each commit that is under way, oldest first.
        var awaitingCommit: [[DeferredEffect]] = []
        var recordedState: ExecutionState
        /// Of the calls in flight, as at their sending: every row of such a step has to repeat it.
        var effects: [Int: ActionEffect] = [:]
        /// The row that is still to be inserted: until the first commit, or, if nothing is recorded on the
        /// way, the one that records it.
        var creation: NewExecution?
        /// Where nothing is recorded on the way: what began it, until its steps are recorded.
        var unrecorded: NewExecution?
        /// Whether that row was inserted at the beginning although nothing is recorded on the way.
        var isCreated = false
    }

    let id: ExecutionID
    let number: Int64
    let projectID: ProjectID
    let durability: Durability
    let finish = FinishSignal()
    let engine: Engine
    let inbox: Mutex<Inbox>
    let run: Mutex<Run>

    /// `creation` is nil for an execution that was recovered from its rows.
    init(
        _ machine: RunMachine, number: Int64, projectID: ProjectID, durability: Durability,
        creation: NewExecution?, engine: Engine
    ) {
        id = machine.executionID
        self.number = number
        self.projectID = projectID
        self.durability = durability
        self.engine = engine
        var machine = machine
        machine.secretSource = engine.secrets.source(projectID)
        // A new execution belongs to the thread that makes it until its first commit.
        inbox = Mutex(Inbox(phase: creation == nil ? .idle : .running))
        run = Mutex(
            Run(
                machine: machine, recordedState: machine.execution, creation: creation,
                unrecorded: durability == .ephemeral ? creation : nil))
    }

    var journalDurability: Journal.Durability { durability == .strict ? .synced : .written }

    func cancel() { interrupt(.cancelRequested, step: nil) }

    /// Takes a message in; from any thread.
    func post(_ message: Message) {
        let isNewlyQueued = inbox.withLock { inbox in
            inbox.messages.append(message)
            return inbox.enqueue()
        }
        if isNewlyQueued { engine.enqueue(.execution(self)) }
    }

    func didCommit() {
        let isNewlyQueued = inbox.withLock { inbox in
            inbox.releasedCount += 1
            return inbox.enqueue()
        }
        if isNewlyQueued { engine.queue.push(.execution(self)) }
    }

    /// Runs on the thread that has taken the execution from the queue, until nothing is left to do.
    func turn(_ worker: Worker) {
        while let (releasedCount, messages) = takeWork() {
            if let refusal = inbox.withLock({ $0.refusal }) {
                giveUp(refusal)
                continue
            }
            for _ in 0..<releasedCount {
                let effects = run.withLock { run in
                    if run.creation == nil { run.unrecorded = nil }
                    return run.awaitingCommit.removeFirst()
                }
                perform(effects, worker)
            }
            guard !messages.isEmpty else { continue }
            let advance = advance(messages)
            if advance.isUnrecorded {
                perform(advance.effects, worker)
            } else {
                run.withLock { $0.awaitingCommit.append(advance.effects) }
                engine.journal.append(advance.changes, journalDurability, owner: self)
            }
        }
    }

    private func takeWork() -> (releasedCount: Int, messages: [Message])? {
        inbox.withLock { inbox in
            let isRefused = inbox.refusal != nil && !inbox.isGivenUp
            guard inbox.releasedCount > 0 || !inbox.messages.isEmpty || isRefused else {
                inbox.phase = .idle
                return nil
            }
            inbox.phase = .running
            defer {
                inbox.releasedCount = 0
                inbox.messages = []
            }
            return (inbox.releasedCount, inbox.messages)
        }
    }
}

extension LiveExecution.Inbox {
    /// True where the execution has to be put into the run queue.
    mutating func enqueue() -> Bool {
        guard phase == .idle else { return false }
        phase = .queued
        return true
    }
}

/// What is done after the commit that records it.
enum DeferredEffect: Sendable {
    case call(PreparedCall)
    case retry(step: Int, at: Timestamp)
    case deadline(step: Int?, at: Timestamp)
    case finished
}

/// A call whose instance is known and whose input is written.
struct PreparedCall: Sendable {
    var call: StepCall
    var target: CallTarget
    var input: [UInt8]
}

struct CallInFlight: Sendable {
    var step: Int
    var attempt: Int
    var handle: (any CancellableCall)?
    var isCancelRequested = false
}
