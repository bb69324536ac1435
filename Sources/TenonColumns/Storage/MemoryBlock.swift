internal import Synchronization

/// Memory of its own; large blocks go back to a pool, because fresh pages from the kernel cost more than the
/// copy into them.
package final class MemoryBlock: @unchecked Sendable {
    // Unchecked: only the one that made the block writes to it, before it shares it.
    package let pointer: UnsafeMutableRawPointer
    package let capacity: Int

    /// At least `byteCount` bytes with arbitrary contents, aligned to 64.
    package init(byteCount: Int) {
        capacity = MemoryPool.capacity(for: byteCount)
        pointer = MemoryPool.shared.take(capacity)
    }

    deinit { MemoryPool.shared.give(pointer, capacity) }

    package var bytes: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: pointer, count: capacity)
    }
}

/// Freed blocks by size, for the next batch.
private final class MemoryPool: Sendable {
    static let shared = MemoryPool()
    private static let smallestPooled = 16 << 10
    private static let keptBytes = 16 << 20

    private struct State {
        // Safe to move between threads: a pooled block belongs to nobody.
        nonisolated(unsafe) var free: [Int: [UnsafeMutableRawPointer]] = [:]
        var keptBytes = 0
    }
    private let state = Mutex(State())

    /// Pooled sizes go in quarters of powers of two, so that blocks find takers and waste at most a quarter.
    static func capacity(for byteCount: Int) -> Int {
        guard byteCount > smallestPooled else { return max(64, (byteCount + 63) & ~63) }
        let step = 1 << max(6, Int.bitWidth - byteCount.leadingZeroBitCount - 3)
        return (byteCount + step - 1) & ~(step - 1)
    }

    func take(_ capacity: Int) -> UnsafeMutableRawPointer {
        if capacity > Self.smallestPooled {
            let kept = state.withLock { state -> UnsafeMutableRawPointer? in
                guard let pointer = state.free[capacity]?.popLast() else { return nil }
                state.keptBytes -= capacity
                return pointer
            }
            if let kept { return kept }
        }
        return UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    }

    func give(_ pointer: UnsafeMutableRawPointer, _ capacity: Int) {
        if capacity > Self.smallestPooled {
            let isKept = state.withLock { state in
                guard state.keptBytes + capacity <= Self.keptBytes else { return false }
                state.free[capacity, default: []].append(pointer)
                state.keptBytes += capacity
                return true
            }
            if isKept { return }
        }
        pointer.deallocate()
    }
}
