internal import CZlib
internal import Glibc
internal import TenonConnectorKit

/// How the text in a gzip file ends, of any number of members one behind the other: all of it is inflated to
/// find out.
final class GzipEnd {
    private let path: String
    private let descriptor: Int32
    private let input = OutputBuffer(capacity: 64 << 10)
    private let output = OutputBuffer(capacity: 256 << 10)
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isInMember = false

    private init(_ path: String) throws(ConnectorError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        stream.initialize(to: z_stream())
        // From here on `deinit` frees what there is; ending a stream that was not begun does nothing.
        guard descriptor >= 0 else { throw systemFailure("opened", path) }
        // 15 bits of window, and 16 for gzip.
        guard inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw ConnectorError(.resourceExhausted, "Out of memory.", effect: .notApplied)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        if descriptor >= 0 { close(descriptor) }
    }

    /// The last byte of the text; nil where there is none.
    static func lastByte(of path: String, _ call: Call) throws(ConnectorError) -> UInt8? {
        let file = try GzipEnd(path)
        var last: UInt8?
        while try file.refill() {
            try call.checkCancelled()
            try file.inflateAll(&last)
        }
        guard !file.isInMember else { throw file.broken }
        return last
    }

    /// False at the end of the file.
    private func refill() throws(ConnectorError) -> Bool {
        var count = read(descriptor, input.base, input.capacity)
        while count < 0, errno == EINTR { count = read(descriptor, input.base, input.capacity) }
        guard count >= 0 else { throw systemFailure("read", path) }
        stream.pointee.next_in = input.base
        stream.pointee.avail_in = UInt32(count)
        return count > 0
    }

    private func inflateAll(_ last: inout UInt8?) throws(ConnectorError) {
        repeat {
            stream.pointee.next_out = output.base
            stream.pointee.avail_out = UInt32(output.capacity)
            isInMember = true
            let status = inflate(stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END else { throw broken }
            let count = output.capacity - Int(stream.pointee.avail_out)
            if count > 0 { last = output.base[count - 1] }
            if status == Z_STREAM_END {
                isInMember = false
                inflateReset(stream)
            }
            // A full output may have left more in the stream.
        } while stream.pointee.avail_in > 0 || isInMember && stream.pointee.avail_out == 0
    }

    private var broken: ConnectorError {
        ConnectorError(
            .badData, "Rows cannot be added to \(path): it is no whole gzip file.", effect: .notApplied)
    }
}
