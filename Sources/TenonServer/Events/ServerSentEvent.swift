internal import NIOCore
internal import TenonJSON

/// One event in the form of `text/event-stream` (HTML Standard, section 9.2).
struct ServerSentEvent {
    static let mediaType = "text/event-stream"
    /// Keeps the connection open and is ignored by clients.
    static let heartbeat = ByteBuffer(string: ": still here\n\n")
    /// How long clients wait before they connect again, at the beginning of a stream.
    static let retry = ByteBuffer(string: "retry: 2000\n\n")

    let name: String
    let data: JSON

    /// JSON on one line has no line ends that would need more `data:` lines.
    var bytes: ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\ndata: ")
        buffer.writeBytes(JSONWriter.bytes(data))
        buffer.writeString("\n\n")
        return buffer
    }
}
