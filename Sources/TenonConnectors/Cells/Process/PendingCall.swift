internal import TenonModel
internal import TenonTransport

/// A call on its way. Its mutable part belongs to whoever owns the lane; what is under the process's lock
/// says so.
final class PendingCall: @unchecked Sendable {
    let outgoing: OutgoingCall
    let completion: ActionCompletion
    /// Given when the call is taken in; unique among all cells.
    let id: UInt64
    /// Under the lock: whether the deadline's or the user's cancel went out, and when patience ends.
    var isTimedOut = false
    var isCancelled = false
    var dueNanoseconds: UInt64

    init(_ outgoing: OutgoingCall, completion: @escaping ActionCompletion) {
        self.outgoing = outgoing
        self.completion = completion
        id = CallNumbers.next()
        dueNanoseconds = outgoing.deadlineNanoseconds == 0 ? .max : outgoing.deadlineNanoseconds
    }

    /// What the caller gets to hear when its call was cancelled for its deadline.
    func adjusted(_ failure: CallFailure) -> CallFailure {
        isTimedOut ? failure.late : failure
    }
}
