internal import Glibc
internal import Synchronization
internal import TenonLoader
internal import TenonTransport

/// What all lanes of the cell share.
struct LaneContext: Sendable {
    var library: ConnectorLibrary
    var host: HostTable
    var name: String
    var writesLines: Bool
}

/// The lanes of the cell, for cancels from the control socket.
final class LaneDirectory: Sendable {
    private struct State {
        var frames: [CallFrame] = []
        /// Cancels that came before their call began.
        var early: [UInt64] = []
    }

    private let context: LaneContext
    private let state = Mutex(State())
    private static let maxEarly = 256
    private static let stackBytes = 8 << 20

    init(_ context: LaneContext) { self.context = context }

    func start(_ socket: FrameSocket, memory: SharedMemory?) {
        let frame = CallFrame()
        state.withLock { $0.frames.append(frame) }
        let context = context
        let isStarted = Thread.start(stackBytes: Self.stackBytes) { [self] in
            let lane = Lane(context, socket: socket, memory: memory, frame: frame, directory: self)
            lane.run()
            state.withLock { $0.frames.removeAll { $0 === frame } }
        }
        // Without threads the cell is of no use; its end tells the host.
        if !isStarted { _exit(4) }
    }

    /// Cancels the call, now or as soon as it begins. Insertion and the look at running calls happen under
    /// one lock, and so does the check at a call's beginning: one of the two sees the other.
    func cancel(callID: UInt64) {
        let frames = state.withLock { state in
            state.early.append(callID)
            if state.early.count > Self.maxEarly { state.early.removeFirst() }
            return state.frames
        }
        for frame in frames { frame.cancel(callID: callID) }
    }

    /// Whether a call that has just begun was cancelled before.
    func isCancelledEarly(callID: UInt64) -> Bool { state.withLock { $0.early.contains(callID) } }
}
