internal import Glibc
internal import TenonLoader

/// One thread that does what may block (the state service) in order, so that the reactor never waits. Starts
/// with the first job. Its queue is bounded by the lanes that exist: each has at most one job in it.
///
/// Safe to share (`@unchecked Sendable`): the queue is under the mutex.
final class BackgroundThread: @unchecked Sendable {
    static let shared = BackgroundThread()

    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [@Sendable () -> Void] = []
    private var isStarted = false

    private init() {
        pthread_mutex_init(lock, nil)
        pthread_cond_init(arrival, nil)
    }

    func perform(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(lock)
        jobs.append(job)
        let mustStart = !isStarted
        isStarted = true
        pthread_cond_signal(arrival)
        pthread_mutex_unlock(lock)
        if mustStart { Thread.start { [self] in run() } }
    }

    private func run() {
        while true {
            pthread_mutex_lock(lock)
            while jobs.isEmpty { pthread_cond_wait(arrival, lock) }
            let taken = jobs
            jobs = []
            pthread_mutex_unlock(lock)
            for job in taken { job() }
        }
    }
}
