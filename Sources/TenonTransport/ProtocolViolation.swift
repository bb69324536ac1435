/// What the other side did against the protocol. It ends the connection; the raw value is stable.
package enum ProtocolViolation: String, Error, Sendable, CaseIterable {
    case frameFormat = "frame.format"
    case frameKind = "frame.kind"
    /// The frame is longer than its kind may be.
    case frameLength = "frame.length"
    /// A field reaches past the body's end, or bytes are left over.
    case frameBody = "frame.body"
    /// The stream ended inside a frame.
    case frameTruncated = "frame.truncated"
    case frameDescriptors = "frame.descriptors"
    /// A kind that is not legal now.
    case frameUnexpected = "frame.unexpected"
    /// A frame for a call that is not in flight.
    case frameCall = "frame.call"
    case textEncoding = "text.encoding"
    case helloMagic = "hello.magic"
    case helloBuild = "hello.build"
    case resultStatus = "result.status"
    case resultDocument = "result.document"
    case itemCount = "items.count"
    case ringPosition = "ring.position"
    case ringLength = "ring.length"
    case batchContent = "batch.content"
    case batchSchema = "batch.schema"
    case streamOrder = "stream.order"
    case checkpointLength = "checkpoint.length"
    case rejectedRow = "rejected.row"
    case stateKey = "state.key"
    case stateFlood = "state.flood"
    case logContent = "log.content"
}

/// Why a socket gave no frame.
package enum FrameError: Error, Equatable, Sendable {
    /// The other side is gone, at a frame's border.
    case closed
    case violation(ProtocolViolation)
    /// errno.
    case system(Int32)
}
