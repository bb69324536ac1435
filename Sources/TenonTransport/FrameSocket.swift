internal import CPlatform
internal import Glibc

/// One end of a connected socket that carries frames; closes its descriptor when it goes away.
///
/// Safe to share (`@unchecked Sendable`) because its users take turns: the owner of a lane or of the control
/// socket is the only one to receive, and sending is either the owner's or under the owner's lock.
package final class FrameSocket: @unchecked Sendable {
    /// A received frame. `body` lies in the socket's buffer and is valid until the next receive.
    package struct Frame {
        package var header: FrameHeader
        package var body: UnsafeRawBufferPointer
    }

    package let descriptor: Int32
    private var buffer: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    private var end = 0
    private static let initialCapacity = 64 << 10

    /// Descriptors that came with frames and that nobody took yet; only where they are welcome.
    private var arrivedDescriptors: [Int32] = []
    private let takesDescriptors: Bool

    /// Takes the descriptor over. Descriptors that come with frames are a violation unless
    /// `takesDescriptors`.
    package init(descriptor: Int32, takesDescriptors: Bool = false) {
        self.descriptor = descriptor
        self.takesDescriptors = takesDescriptors
        capacity = 4096
        buffer = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        buffer.deallocate()
        close(descriptor)
    }

    /// The next frame; nil where none is complete yet (`wait` false) .
    package func receive(wait: Bool) throws(FrameError) -> Frame? {
        while true {
            if let frame = try takeBuffered() { return frame }
            makeRoom()
            let count = receiveSome(wait: wait)
            if count > 0 {
                end += Int(count)
            } else if count == 0 || count == -Int64(ECONNRESET) {
                throw start == end ? .closed : .violation(.frameTruncated)
            } else if count == -Int64(EAGAIN) {
                return nil
            } else {
                throw count == -Int64(EBADMSG) ? .violation(.frameDescriptors) : .system(Int32(-count))
            }
        }
    }

    /// Whether bytes were received that no frame has taken yet.
    package var hasReceivedMore: Bool { start != end }

    private func receiveSome(wait: Bool) -> Int64 {
        let room = UInt64(capacity - end)
        guard takesDescriptors else { return tp_receive(descriptor, buffer + end, room, wait ? 0 : 1) }
        var arrived: [Int32] = [0, 0, 0, 0]
        var arrivedCount: Int32 = 0
        let count = tp_receive_descriptors(descriptor, buffer + end, room, &arrived, &arrivedCount)
        arrivedDescriptors += arrived.prefix(Int(arrivedCount))
        return count
    }

    /// The next `count` descriptors that arrived, or nil where there are not so many.
    package func takeDescriptors(_ count: Int) -> [Int32]? {
        guard arrivedDescriptors.count >= count else { return nil }
        defer { arrivedDescriptors.removeFirst(count) }
        return Array(arrivedDescriptors.prefix(count))
    }

    private func takeBuffered() throws(FrameError) -> Frame? {
        guard end - start >= FrameHeader.byteCount else { return nil }
        let bytes = UnsafeRawBufferPointer(start: buffer + start, count: end - start)
        let header: FrameHeader
        do { header = try FrameHeader(reading: bytes) } catch { throw .violation(error) }
        let total = FrameHeader.byteCount + Int(header.bodyByteCount)
        guard bytes.count >= total else { return nil }
        start += total
        return Frame(
            header: header, body: UnsafeRawBufferPointer(rebasing: bytes[FrameHeader.byteCount..<total]))
    }

    /// Room to receive more. The buffer doubles only when it is full of received bytes: a peer pays with real
    /// bytes for what this side allocates.
    private func makeRoom() {
        if start == end {
            start = 0
            end = 0
            if capacity > Self.initialCapacity { replaceBuffer(Self.initialCapacity) }
        } else if end == capacity {
            if start > capacity / 2 {
                buffer.copyMemory(from: buffer + start, byteCount: end - start)
                end -= start
                start = 0
            } else {
                replaceBuffer(capacity * 2)
            }
        }
    }

    private func replaceBuffer(_ newCapacity: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        larger.copyMemory(from: buffer + start, byteCount: end - start)
        end -= start
        start = 0
        buffer.deallocate()
        buffer = larger
        capacity = newCapacity
    }

    /// Sends all of `bytes`, waiting as long as it takes.
    package func send(_ bytes: [UInt8]) throws(FrameError) {
        var sent = 0
        while sent < bytes.count { sent += try sendSome(bytes, from: sent, flags: 0) }
    }

    /// Sends what the socket takes at once and answers how far it came.
    package func sendAvailable(_ bytes: [UInt8], from start: Int = 0) throws(FrameError) -> Int {
        var sent = start
        while sent < bytes.count {
            let count = try sendSome(bytes, from: sent, flags: 1)
            if count == 0 { break }
            sent += count
        }
        return sent
    }

    private func sendSome(_ bytes: [UInt8], from sent: Int, flags: Int32) throws(FrameError) -> Int {
        let count = bytes.withUnsafeBytes { all in
            tp_send(descriptor, all.baseAddress! + sent, UInt64(all.count - sent), flags)
        }
        if count == -Int64(EAGAIN) { return 0 }
        if count == -Int64(EPIPE) || count == -Int64(ECONNRESET) { throw .closed }
        if count < 0 { throw .system(Int32(-count)) }
        return Int(count)
    }

    /// Wakes whoever waits on this socket, on both sides.
    package func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
