internal import Synchronization

/// Blocks of memory for columns. Large ones go back to a pool, because fresh pages from the kernel cost more
/// than the values written into them.
@usableFromInline
enum BatchMemory {
    /// What may be written behind a block's capacity, so that short values can be copied whole words at a
    /// time.
    @usableFromInline static let spareBytes = 64
    /// Before each block stands its capacity.
    private static let headerBytes = 64
    private static let smallestPooled = 16 << 10
    private static let keptBytes = 16 << 20

    private struct Pool {
        // Safe to move between threads: a pooled block belongs to nobody.
        nonisolated(unsafe) var free: [Int: [UnsafeMutableRawPointer]] = [:]
        var keptBytes = 0
    }
    private static let pool = Mutex(Pool())

    /// At least `byteCount` bytes with arbitrary contents, aligned to 64, and `spareBytes` behind them.
    @usableFromInline
    static func take(_ byteCount: Int) -> (pointer: UnsafeMutableRawPointer, capacity: Int) {
        let capacity = roundedUp(byteCount)
        if capacity >= smallestPooled {
            let kept = pool.withLock { pool -> UnsafeMutableRawPointer? in
                guard let pointer = pool.free[capacity]?.popLast() else { return nil }
                pool.keptBytes -= capacity
                return pointer
            }
            if let kept { return (kept, capacity) }
        }
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: headerBytes + capacity + spareBytes, alignment: 64)
        block.storeBytes(of: capacity, as: Int.self)
        return (block + headerBytes, capacity)
    }

    /// Takes back what `take` gave, on any thread.
    @usableFromInline
    static func give(_ pointer: UnsafeMutableRawPointer) {
        let block = pointer - headerBytes
        let capacity = block.load(as: Int.self)
        if capacity >= smallestPooled {
            let isKept = pool.withLock { pool in
                guard pool.keptBytes + capacity <= Self.keptBytes else { return false }
                pool.free[capacity, default: []].append(pointer)
                pool.keptBytes += capacity
                return true
            }
            if isKept { return }
        }
        block.deallocate()
    }

    /// Sizes go in quarters of powers of two, so that blocks find takers and waste at most a quarter.
    private static func roundedUp(_ byteCount: Int) -> Int {
        guard byteCount > smallestPooled else { return max(64, (byteCount + 63) & ~63) }
        let step = 1 << max(6, Int.bitWidth - byteCount.leadingZeroBitCount - 3)
        return (byteCount + step - 1) & ~(step - 1)
    }
}
