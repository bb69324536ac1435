/// Bytes that never change once they are shared: a window on memory that its owner keeps alive.
package final class Buffer: @unchecked Sendable {
    // Unchecked: the memory is written before the buffer is made and only read afterwards.
    package let pointer: UnsafeRawPointer
    package let count: Int
    private let owner: AnyObject?

    package init(_ pointer: UnsafeRawPointer, count: Int, owner: AnyObject?) {
        self.pointer = pointer
        self.count = count
        self.owner = owner
    }

    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pointer, count: count) }

    /// `count` bytes that `fill` writes; they are zero before.
    package static func make(
        count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) -> Buffer {
        let block = MemoryBlock(byteCount: count)
        let bytes = UnsafeMutableRawBufferPointer(start: block.pointer, count: count)
        block.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        fill(bytes)
        return Buffer(block.pointer, count: count, owner: block)
    }

    /// Some zeros: what an empty column points at, so that pointers are never nil.
    package static let zeros = make(count: 64) { _ in }

    func slice(from offset: Int, count: Int) -> Buffer {
        Buffer(pointer + offset, count: count, owner: self)
    }
}
