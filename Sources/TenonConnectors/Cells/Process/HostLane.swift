internal import Synchronization
internal import TenonModel
internal import TenonTransport

/// The host's end of a lane for actions.
///
/// A lane is idle, or owned by the thread that runs a call on it, or armed: then the reactor owns it. It
/// changes hands under the process's lock only, which is why it may be shared (`@unchecked Sendable`).
final class HostLane: @unchecked Sendable {
    let socket: FrameSocket
    let channel: UInt64
    // The owner's:
    var writer = BodyWriter()
    /// Written by the owner under the process's lock: others look at it there, the owner also without.
    var call: PendingCall?
    /// How much of `writer` went out.
    var sentCount = 0
    private var stateQuestionCount = 0
    /// Whether the reactor looks after the idle lane.
    var isWatched = false
    // Under the process's lock:
    var isArmed = false
    private let stateAnswerCount = Atomic<Int>(0)

    init(_ socket: FrameSocket, channel: UInt64) {
        self.socket = socket
        self.channel = channel
    }

    /// What a look at the socket brought.
    enum Progress {
        case waiting
        case done(Result<[UInt8], CallFailure>)
        case state(StateQuestion)
    }

    /// Sends what `call` is.
    func begin(_ call: PendingCall) throws(FrameError) {
        call.outgoing.write(to: &writer, callID: call.id)
        sentCount = try socket.sendAvailable(writer.bytes)
    }

    /// Sends what is left to send and takes one frame if there is one.
    func advance() throws(FrameError) -> Progress {
        if sentCount < writer.bytes.count {
            sentCount = try socket.sendAvailable(writer.bytes, from: sentCount)
        }
        guard let frame = try socket.receive(wait: false) else { return .waiting }
        do throws(ProtocolViolation) {
            guard let call, frame.header.callID == call.id else { throw .frameCall }
            return try interpret(frame)
        } catch {
            throw .violation(error)
        }
    }

    /// The answer to the lane's question is about to go out. From the thread that answers.
    func stateAnswered() { stateAnswerCount.wrappingAdd(1, ordering: .releasing) }

    var isSending: Bool { sentCount < writer.bytes.count }

    private func interpret(_ frame: FrameSocket.Frame) throws(ProtocolViolation) -> Progress {
        switch frame.header.kind {
        case .output:
            guard frame.body.count <= Limits.stepOutputBytes else { throw .frameLength }
            return .done(.success(Array(frame.body)))
        case .items:
            // Checked here, handed on as it is: see `items(in:)`.
            var reader = BodyReader(frame.body)
            _ = try reader.list(atMost: Limits.itemsPerList)
            try reader.finish()
            return .done(.success(Array(frame.body)))
        case .failure: return .done(.failure(try CallFailure(reading: frame.body)))
        case .state:
            // One question at a time: what a lane can make the host do is bounded.
            guard stateQuestionCount == stateAnswerCount.load(ordering: .acquiring) else { throw .stateFlood }
            stateQuestionCount += 1
            return .state(try StateQuestion(reading: frame.body))
        default: throw .frameUnexpected
        }
    }

    /// The documents of a list that `interpret` has checked.
    static func items(in bytes: [UInt8]) -> [[UInt8]] {
        bytes.withUnsafeBytes { raw in
            var reader = BodyReader(raw)
            // `try?`: a list that cannot be read has ended the cell before this.
            return (try? reader.list(atMost: Limits.itemsPerList)) ?? []
        }
    }
}
