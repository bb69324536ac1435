internal import Glibc
internal import TenonModel
internal import TenonTransport

/// Why a cell ended.
enum CellEnding: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case violation(ProtocolViolation)
    /// The call of this id did not end in time, or after it was cancelled.
    case hung(callID: UInt64)
    case stopped

    /// What calls in flight fail with. Nobody knows what they did.
    func failure(instance: String, callID: UInt64 = 0) -> CallFailure {
        switch self {
        case .exited(let code):
            CallFailure(
                .unavailable, code: .cellExited,
                "The connector of \(instance) ended its process with code \(code) during the call.")
        case .signalled(let number):
            CallFailure(
                .unavailable, code: .cellCrashed,
                "The connector of \(instance) crashed during the call: signal \(number), \(Self.name(of: number))."
            )
        case .violation(let rule):
            CallFailure(
                .unavailable, code: .cellProtocol,
                "The cell of \(instance) broke the protocol (\(rule.rawValue)) and was ended.",
                violation: rule)
        case .hung(let hungID) where hungID == callID:
            CallFailure(
                .timeout, code: .cellKilled,
                "The connector of \(instance) did not end the call in time, nor after it was cancelled; its cell was ended."
            )
        case .hung:
            CallFailure(
                .unavailable, code: .cellKilled,
                "The cell of \(instance) was ended because another call in it did not end in time.")
        case .stopped:
            CallFailure(
                .unavailable, code: .cellStopped, "The instance \(instance) was stopped during the call.")
        }
    }

    private static func name(of signal: Int32) -> String {
        strsignal(signal).map { String(cString: $0) } ?? "unknown"
    }
}
