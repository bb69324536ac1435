internal import TenonModel

/// The 16 bytes before every message between host and cell, little-endian: byte count of the body (4), format
/// (2), kind (2), call id (8).
package struct FrameHeader: Equatable, Sendable {
    package static let byteCount = 16
    /// Grows when the meaning of any frame changes.
    package static let format: UInt16 = 2

    package var bodyByteCount: UInt32
    package var format: UInt16
    package var kind: FrameKind
    package var callID: UInt64

    /// Reads a header and refuses what this side does not speak.
    package init(reading bytes: UnsafeRawBufferPointer) throws(ProtocolViolation) {
        bodyByteCount = bytes.loadUnaligned(as: UInt32.self)
        format = bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
        guard format == Self.format else { throw .frameFormat }
        let number = bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
        guard let kind = FrameKind(rawValue: number) else { throw .frameKind }
        self.kind = kind
        guard Int(bodyByteCount) <= kind.maxBodyBytes else { throw .frameLength }
        callID = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }
}

/// What a frame says.
package enum FrameKind: UInt16, Sendable, CaseIterable {
    // On the control socket
    /// Cell to host, first: magic, format, build.
    case hello = 1
    /// Host to cell: what to load and how to confine itself.
    case setup = 2
    /// Cell to host: loaded; what the library offers.
    case ready = 3
    /// Cell to host: not loaded, and why.
    case refused = 4
    /// Host to cell: cancel the call of this id.
    case cancel = 5
    /// Host to cell, with two descriptors: a lane's socket and its shared memory.
    case lane = 6

    // On a lane
    /// Host to cell: a call.
    case call = 16
    /// Cell to host: the call succeeded; the output's bytes.
    case output = 17
    /// Cell to host: the call succeeded; a list of documents.
    case items = 18
    /// Cell to host: the call failed.
    case failure = 19
    /// Cell to host, inside a call: a request to the state service.
    case state = 20
    /// Host to cell: its answer.
    case stateAnswer = 21
    /// Cell to host, in a read stream: the columns.
    case schema = 32
    /// Cell to host, in a read stream: a batch lies in the ring.
    case batch = 33
    case checkpoint = 34
    case rejected = 35
    /// Cell to host, in a read stream: no data at the moment; goes on after `resume`.
    case idle = 36
    /// Cell to host, in a read stream: nothing more will come.
    case end = 37
    /// Host to cell, in a read stream: ring space up to a position is free again.
    case consumed = 38
    case resume = 39
    /// Cell to host, in a read stream: how many records were read and left out (8).
    case skipped = 40
    /// Cell to host, in a read stream: how far it is, done (8) of total (8).
    case progress = 41

    /// No frame of this kind is longer.
    package var maxBodyBytes: Int {
        switch self {
        case .hello, .cancel, .lane, .batch, .idle, .end, .consumed, .resume, .skipped, .progress: 4096
        case .ready, .refused, .failure: 1 << 20
        case .checkpoint: Limits.checkpointBytes
        case .schema: 4 << 20
        case .state, .stateAnswer: 1 << 17
        case .setup, .call, .output, .items, .rejected: Limits.cellFrameBytes
        }
    }
}
