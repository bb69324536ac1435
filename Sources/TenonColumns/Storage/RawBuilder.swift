/// Bytes that grow.
struct RawBuilder {
    private var block: MemoryBlock
    private(set) var pointer: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int = 256) {
        block = MemoryBlock(byteCount: capacity)
        pointer = block.pointer
        self.capacity = block.capacity
    }

    @inline(__always)
    mutating func reserve(_ byteCount: Int) {
        if count &+ byteCount > capacity { grow(byteCount) }
    }

    @inline(never)
    private mutating func grow(_ byteCount: Int) {
        let larger = MemoryBlock(byteCount: max(count + byteCount, capacity * 2))
        larger.pointer.copyMemory(from: pointer, byteCount: count)
        block = larger
        pointer = larger.pointer
        capacity = larger.capacity
    }

    @inline(__always)
    mutating func append<T: BitwiseCopyable>(_ value: T) {
        reserve(MemoryLayout<T>.size)
        pointer.storeBytes(of: value, toByteOffset: count, as: T.self)
        count &+= MemoryLayout<T>.size
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        (pointer + count).copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    mutating func appendZeros(_ byteCount: Int) {
        reserve(byteCount)
        (pointer + count).initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        count += byteCount
    }

    mutating func truncate(to byteCount: Int) { count = min(count, byteCount) }

    /// What was appended, as a buffer; the builder starts over.
    mutating func finish() -> Buffer {
        let buffer = Buffer(pointer, count: count, owner: block)
        self = RawBuilder()
        return buffer
    }
}

/// Bits that grow.
struct BitBuilder {
    private var bytes = RawBuilder(capacity: 64)
    private(set) var count = 0

    @inline(__always)
    mutating func append(_ bit: Bool) {
        if count & 7 == 0 { bytes.append(UInt8(0)) }
        if bit { Bits.set(bytes.pointer, count) }
        count &+= 1
    }

    mutating func append(repeating bit: Bool, count more: Int) {
        for _ in 0..<more { append(bit) }
    }

    mutating func truncate(to bitCount: Int) {
        while count > bitCount {
            count -= 1
            let byte = bytes.pointer.load(fromByteOffset: count >> 3, as: UInt8.self)
            bytes.pointer.storeBytes(
                of: byte & ~(1 << UInt8(count & 7)), toByteOffset: count >> 3, as: UInt8.self)
        }
        bytes.truncate(to: Bits.byteCount(count))
    }

    func isSet(_ index: Int) -> Bool { Bits.isSet(bytes.pointer, index) }

    mutating func finish() -> Buffer {
        count = 0
        return bytes.finish()
    }
}
