internal import TenonModel

/// What becomes of the records that one step cannot work on.
struct RecordFailures {
    let isSkipping: Bool
    /// Whether a later limit may yet make the record and all after it needless: then the error waits until that
    /// is known.
    let canWait: Bool
    private(set) var count = 0
    /// The error that waits; the step leaves out its record and all after it.
    private(set) var error: TenonError?
    /// Records after the one that failed, which were not looked at.
    var unreadCount = 0

    init(isSkipping: Bool, canWait: Bool) {
        self.isSkipping = isSkipping
        self.canWait = canWait
    }

    /// Takes the error of a record; true where the step must not go on to the next.
    mutating func add(_ error: TenonError) throws(TenonError) -> Bool {
        if isSkipping {
            count += 1
            return false
        }
        guard canWait else { throw error }
        self.error = error
        return true
    }
}
