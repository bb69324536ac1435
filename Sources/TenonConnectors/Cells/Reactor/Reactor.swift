internal import CPlatform
internal import Glibc
internal import Synchronization
internal import TenonLoader

/// Somebody whose descriptors or deadlines the reactor watches. Both functions run on the reactor's thread
/// and must not block.
protocol ReactorTarget: AnyObject, Sendable {
    func ready(channel: UInt64)
    /// Acts on what is due and answers when to come back, or nil.
    func tick(now: UInt64) -> UInt64?
}

/// The one thread that waits for all cells of the process.
final class Reactor: Sendable {
    static let shared = Reactor()

    private struct State {
        var targets: [UInt64: any ReactorTarget] = [:]
        var nextTarget: UInt64 = 1
        var jobs: [@Sendable () -> Void] = []
        /// When the thread wakes by itself.
        var wakeTime = UInt64.max
    }

    private let epoll: Int32
    private let wakeDescriptor: Int32
    private let state = Mutex(State())
    /// A target's channels are below this.
    static let channelLimit: UInt64 = 1 << 20

    private init() {
        epoll = tp_epoll_create()
        wakeDescriptor = tp_eventfd()
        // Without epoll or a thread no cell can run: the start of the first one says so, see `isUsable`.
        _ = tp_epoll_control(epoll, 1, wakeDescriptor, TP_EPOLL_IN, 0)
        isUsable = epoll >= 0 && wakeDescriptor >= 0
        Thread.start { [self] in run() }
    }

    let isUsable: Bool

    // MARK: For all threads

    /// Adds a target and answers its number.
    func add(_ target: any ReactorTarget) -> UInt64 {
        state.withLock { state in
            defer { state.nextTarget += 1 }
            state.targets[state.nextTarget] = target
            return state.nextTarget
        }
    }

    func remove(_ number: UInt64) { state.withLock { _ = $0.targets.removeValue(forKey: number) } }

    /// Watches a descriptor until it is forgotten; with `once` it sleeps after each event until it is armed
    /// again.
    func watch(_ descriptor: Int32, target: UInt64, channel: UInt64, once: Bool, isArmed: Bool = true) {
        let events = (isArmed ? TP_EPOLL_IN : 0) | (once ? TP_EPOLL_ONESHOT : 0)
        _ = tp_epoll_control(epoll, 1, descriptor, events, target * Self.channelLimit + channel)
    }

    func arm(_ descriptor: Int32, target: UInt64, channel: UInt64, forWriting: Bool = false) {
        let events = TP_EPOLL_IN | TP_EPOLL_ONESHOT | (forWriting ? TP_EPOLL_OUT : 0)
        _ = tp_epoll_control(epoll, 3, descriptor, events, target * Self.channelLimit + channel)
    }

    func disarm(_ descriptor: Int32, target: UInt64, channel: UInt64) {
        _ = tp_epoll_control(epoll, 3, descriptor, TP_EPOLL_ONESHOT, target * Self.channelLimit + channel)
    }

    func forget(_ descriptor: Int32) { _ = tp_epoll_control(epoll, 2, descriptor, 0, 0) }

    /// Runs `job` on the reactor's thread.
    func perform(_ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(job) }
        wake()
    }

    /// Sees to it that targets tick at `time` at the latest.
    func wake(at time: UInt64) {
        let isEarlier = state.withLock { state in
            guard time < state.wakeTime else { return false }
            state.wakeTime = time
            return true
        }
        if isEarlier { wake() }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, 8)
    }

    // MARK: The thread

    private func run() {
        var events = [tp_event](repeating: tp_event(), count: 64)
        while true {
            let count = Int(max(0, tp_epoll_wait(epoll, &events, 64, timeout())))
            for event in events.prefix(count) { deliver(event) }
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in jobs { job() }
            tickIfDue()
        }
    }

    private func deliver(_ event: tp_event) {
        let number = event.token / Self.channelLimit
        guard number > 0 else {
            var count: UInt64 = 0
            _ = read(wakeDescriptor, &count, 8)
            return
        }
        let target = state.withLock { $0.targets[number] }
        target?.ready(channel: event.token % Self.channelLimit)
    }

    private func timeout() -> Int32 {
        let time = state.withLock { $0.jobs.isEmpty ? $0.wakeTime : 0 }
        guard time != .max else { return -1 }
        let now = tp_monotonic_nanoseconds()
        return time <= now ? 0 : Int32(clamping: (time - now + 999_999) / 1_000_000)
    }

    private func tickIfDue() {
        let now = tp_monotonic_nanoseconds()
        let targets: [any ReactorTarget] = state.withLock { state in
            guard now >= state.wakeTime else { return [] }
            state.wakeTime = .max
            return Array(state.targets.values)
        }
        for target in targets {
            if let next = target.tick(now: now) { state.withLock { $0.wakeTime = min($0.wakeTime, next) } }
        }
    }
}
