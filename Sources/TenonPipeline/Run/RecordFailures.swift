internal import TenonModel

/// What becomes of the records that one step cannot work on.
struct RecordFailures {
    let isSkipping: Bool
    /// Whether a later limit may make the record and all after it needless: then the error waits until that
    /// is known.
    let isWaiting: Bool
    private(set) var count = 0
    /// The error that waits; the step leaves out its record and all after it.
    private(set) var error: TenonError?
    /// Records after the one that failed, which were not looked at.
    var unreadCount = 0

    init(isSkipping: Bool, isWaiting: Bool) {
        self.isSkipping = isSkipping
        self.isWaiting = isWaiting
    }

    /// Takes the error of a record; true where the step must not go on to the next.
    mutating func add(_ error: TenonError) throws(TenonError) -> Bool {
        if isSkipping {
            count += 1
            return false
        }
        guard isWaiting else { throw error }
        self.error = error
        return true
    }
}
