/// Bytes on their way to a file, in memory that grows and is reused. Writers reserve room and then write to
/// `end` without checks.
final class OutputBuffer {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    var count = 0

    /// Behind the reserved room so many bytes more may be overwritten.
    static let spare = 64

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(capacity: capacity + Self.spare)
    }

    deinit { base.deallocate() }

    var end: UnsafeMutablePointer<UInt8> { base + count }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Makes room for so many bytes more.
    func reserve(_ byteCount: Int) {
        guard count + byteCount > capacity else { return }
        let grown = max(capacity * 2, count + byteCount)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: grown + Self.spare)
        memory.update(from: base, count: count)
        base.deallocate()
        base = memory
        capacity = grown
    }

    func append(_ bytes: some Collection<UInt8>) {
        reserve(bytes.count)
        for byte in bytes {
            base[count] = byte
            count += 1
        }
    }
}
