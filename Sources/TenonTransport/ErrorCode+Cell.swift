package import TenonModel

extension ErrorCode {
    /// The cell said something that the protocol does not allow.
    package static let cellProtocol = ErrorCode("cell.protocol", 502)
    package static let cellCrashed = ErrorCode("cell.crashed", 502)
    package static let cellExited = ErrorCode("cell.exited", 502)
    package static let cellKilled = ErrorCode("cell.killed", 504)
    package static let cellStart = ErrorCode("cell.start", 502)
    package static let cellStopped = ErrorCode("cell.stopped", 503)
    package static let cellBusy = ErrorCode("cell.busy", 503)
}

extension CallFailure {
    /// A failure with a stable code, and the protocol rule that was broken if any, in `detailsJSON`.
    package init(
        _ status: CallStatus, code: ErrorCode, _ message: String, effect: Effect = .unknown,
        violation: ProtocolViolation? = nil
    ) {
        self.init(status, message, effect: effect)
        let rule = violation.map { ",\"violation\":\"\($0.rawValue)\"" } ?? ""
        detailsJSON = "{\"code\":\"\(code.rawValue)\"\(rule)}"
    }
}
