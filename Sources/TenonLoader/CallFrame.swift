internal import CPlatform
package import CTenon
internal import Glibc
package import TenonModel

/// The structs of one call at a time, used again for every call of a thread: nothing is allocated per call.
///
/// Used by the thread that serves the call; only `cancel` comes from others (`@unchecked Sendable` for that):
/// it reads the word and the registration under the rules below, and nothing else.
///
///     word = call id << 2 | registered << 1 | cancelled      0 between calls
///
/// `cancelled` is set by compare-and-exchange against the id, so that a late cancel never meets the next
/// call. Where `registered` is set, the registration is read and written under the lock.
package final class CallFrame: @unchecked Sendable {
    let state: UnsafeMutablePointer<CallState>
    /// What the connector said of its failure.
    var described: CallFailure?
    /// Answers `tenon.state/1` during a call; nil: the service is unavailable.
    package var stateService: ((StateRequest) throws(CallFailure) -> [UInt8])?
    /// Where the progress of calls is logged; nil: it is dropped.
    package var progressHost: HostTable?
    /// Takes the progress of a reader's calls, in place of the log.
    var reading: RecordReceiver?
    private var lastReport: UInt64 = 0
    private static let reportInterval: UInt64 = 250_000_000
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let idle = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var registration: (function: CancelFunction, context: UnsafeMutableRawPointer?)?
    private var isRunning = false
    private var hasRun = false

    package typealias CancelFunction = @convention(c) (UnsafeMutableRawPointer?) -> Void

    package init(outputLimit: Int = Limits.stepOutputBytes) {
        state = .allocate(capacity: 1)
        state.initialize(to: CallState(outputLimit: outputLimit))
        pthread_mutex_init(lock, nil)
        pthread_cond_init(idle, nil)
        state.pointee.connect(state, owner: self)
    }

    deinit {
        state.pointee.free()
        state.deinitialize(count: 1)
        state.deallocate()
        pthread_cond_destroy(idle)
        pthread_mutex_destroy(lock)
        idle.deallocate()
        lock.deallocate()
    }

    package var call: UnsafePointer<tenon_call_t> { UnsafePointer(state.pointee.callPointer) }
    package var output: UnsafePointer<tenon_output_t> { UnsafePointer(state.pointee.outputPointer) }
    package var items: UnsafePointer<tenon_items_t> { UnsafePointer(state.pointee.itemsPointer) }
    /// What was written to `output` or, as a list of counted fields, to `items`; valid until the next call
    /// begins.
    package var written: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: state.pointee.bytes, count: state.pointee.byteCount)
    }
    package var itemCount: Int { state.pointee.itemCount }
    package var callID: UInt64 { state.pointee.callPointer.pointee.call_id }

    /// What a call says of itself. The texts must live until `end` and be followed by a NUL.
    package struct Facts {
        package var callID: UInt64
        package var attempt: UInt32 = 1
        package var deadlineNanoseconds: UInt64 = 0
        package var idempotencyKey = tenon_str_t()
        package var traceparent = tenon_str_t()
        package init(callID: UInt64) { self.callID = callID }
    }

    package func begin(_ facts: Facts) {
        state.pointee.begin(facts)
        // Left over where the host had another reason to fail the call before.
        if state.pointee.isDescribed {
            described = nil
            state.pointee.isDescribed = false
        }
        tp_store64(state.pointee.word, facts.callID << 2)
    }

    /// Ends the call; afterwards no cancel function of it runs and none will.
    package func end() {
        // Only this thread registers, so a look decides; a cancel that comes meanwhile changes a word that is
        // over.
        guard tp_load64(state.pointee.word) & 2 != 0 else { return tp_store64(state.pointee.word, 0) }
        _ = tp_exchange64(state.pointee.word, 0)
        forget()
    }

    /// Turns what a function answered into success or its failure.
    @inline(__always)
    package func check(_ status: tenon_status_t) throws(CallFailure) {
        if status < 0 || state.pointee.isDescribed { try fail(status) }
    }

    private func fail(_ status: tenon_status_t) throws(CallFailure) {
        defer {
            described = nil
            state.pointee.isDescribed = false
        }
        guard status < 0 else { return }
        let known = CallStatus(code: status)
        guard var failure = described else {
            throw CallFailure(known, "The connector answered \(known.name) and did not say why.")
        }
        failure.status = known
        throw failure
    }

    /// Cancels the call of that id if it is still running. From any thread but the one that serves it.
    package func cancel(callID: UInt64) {
        var seen = tp_load64(state.pointee.word)
        while true {
            guard seen >> 2 == callID, callID != 0, seen & 1 == 0 else { return }
            let found = tp_compare_exchange64(state.pointee.word, seen, seen | 1)
            if found == seen { break }
            seen = found
        }
        if seen & 2 != 0 { runRegistered(callID: callID) }
    }

    private func runRegistered(callID: UInt64) {
        pthread_mutex_lock(lock)
        let isCurrent = tp_load64(state.pointee.word) >> 2 == callID
        guard isCurrent, !hasRun, let registration else {
            pthread_mutex_unlock(lock)
            return
        }
        hasRun = true
        isRunning = true
        pthread_mutex_unlock(lock)
        registration.function(registration.context)
        pthread_mutex_lock(lock)
        isRunning = false
        pthread_cond_broadcast(idle)
        pthread_mutex_unlock(lock)
    }

    private func forget() {
        pthread_mutex_lock(lock)
        while isRunning { pthread_cond_wait(idle, lock) }
        registration = nil
        pthread_mutex_unlock(lock)
    }

    /// `progress` of the ABI: a line in the log, dropped where the last one is not long ago.
    func report(done: UInt64, total: UInt64, note: tenon_str_t) {
        let now = tp_monotonic_nanoseconds()
        if let reading {
            reading.progress(done: done, total: total, now: now)
            if note.size == 0 { return }
        }
        guard let progressHost else { return }
        guard now &- lastReport >= Self.reportInterval else { return }
        lastReport = now
        let text = Self.text(note, limit: 2048)
        progressHost.log(
            UInt32(TENON_LOG_INFO), text.isEmpty ? "progress" : text,
            #"{"callId":\#(callID),"done":\#(done),"total":\#(total)}"#)
    }

    /// `on_cancel` of the ABI.
    func register(_ function: CancelFunction?, _ context: UnsafeMutableRawPointer?) {
        pthread_mutex_lock(lock)
        while isRunning { pthread_cond_wait(idle, lock) }
        registration = function.map { ($0, context) }
        hasRun = false
        let isCancelled = setRegistered(function != nil)
        pthread_mutex_unlock(lock)
        if isCancelled, function != nil { runOnOwnThread(callID: callID) }
    }

    /// Sets or clears the bit; answers whether the call is cancelled already.
    private func setRegistered(_ isRegistered: Bool) -> Bool {
        var seen = tp_load64(state.pointee.word)
        while true {
            let next = isRegistered ? seen | 2 : seen & ~2
            let found = tp_compare_exchange64(state.pointee.word, seen, next)
            if found == seen { return seen & 1 != 0 }
            seen = found
        }
    }

    /// The contract promises another thread also where the cancel came first; that is rare.
    private func runOnOwnThread(callID: UInt64) {
        Thread.start { self.runRegistered(callID: callID) }
    }
}
