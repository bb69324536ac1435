internal import TenonModel

extension CallFailure {
    /// What the caller gets to hear of a call that was cancelled for its deadline.
    var late: CallFailure {
        guard status == .cancelled else { return self }
        var late = self
        late.status = .timeout
        late.errorClass = .transient
        late.message = "The call did not end in time and was cancelled. \(message)"
        return late
    }
}
