internal import CZlib
internal import TenonConnectorKit

/// Compresses what one transaction writes to a gzip member of its own: members may follow each other, so that
/// a file can be cut at each commit.
final class Deflater {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let output = OutputBuffer(capacity: 256 << 10)
    private var hasMember = false

    /// gzip's own default, and so is the rest: 15 bits of window, plus 16 for a gzip header, 8 for memory.
    init() throws(ConnectorError) {
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else {
            // `deinit` frees what there is; ending a stream that was not begun does nothing.
            throw ConnectorError(.resourceExhausted, "Out of memory.", effect: .notApplied)
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Hands the compressed bytes to `write`, as many as there are by now.
    func append(
        _ bytes: UnsafeRawBufferPointer,
        _ write: (UnsafeRawBufferPointer) throws(ConnectorError) -> Void
    ) throws(ConnectorError) {
        guard !bytes.isEmpty else { return }
        hasMember = true
        // zlib does not write to its input.
        let input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input)
        var left = bytes.count
        while left > 0 {
            let piece = min(left, 1 << 30)
            stream.pointee.avail_in = UInt32(piece)
            try run(Z_NO_FLUSH, write)
            left -= piece
        }
    }

    /// Ends the member; the next bytes begin another.
    func finish(
        _ write: (UnsafeRawBufferPointer) throws(ConnectorError) -> Void
    ) throws(ConnectorError) {
        guard hasMember else { return }
        stream.pointee.avail_in = 0
        try run(Z_FINISH, write)
        reset()
    }

    /// Forgets the member that was begun.
    func reset() {
        deflateReset(stream)
        hasMember = false
    }

    private func run(
        _ flush: Int32, _ write: (UnsafeRawBufferPointer) throws(ConnectorError) -> Void
    ) throws(ConnectorError) {
        while true {
            stream.pointee.next_out = output.base
            stream.pointee.avail_out = UInt32(output.capacity)
            let status = deflate(stream, flush)
            output.count = output.capacity - Int(stream.pointee.avail_out)
            if output.count > 0 { try write(output.bytes) }
            if status == Z_STREAM_END { return }
            guard status == Z_OK || status == Z_BUF_ERROR else {
                throw ConnectorError(.internal, "Compressing failed with zlib's code \(status).")
            }
            if flush == Z_NO_FLUSH, stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return }
        }
    }
}
