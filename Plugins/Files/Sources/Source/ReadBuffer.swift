internal import TenonConnectorKit

/// A window on the bytes of an open file, moved forward; small enough to stay in the processor's cache.
final class ReadBuffer {
    private let file: FileBytes
    /// Copies of whole words may reach this far beyond the bytes.
    static let spareBytes = 64
    private var memory: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// Where in the file the window begins, and how many bytes it holds.
    private(set) var origin = 0
    private(set) var count = 0
    private(set) var isAtEnd = false

    init(_ file: FileBytes, capacity: Int) {
        self.file = file
        self.capacity = capacity
        memory = Self.allocate(capacity)
    }

    deinit { (memory - Self.spareBytes).deallocate() }

    /// The byte at `origin`; spare bytes lie before and behind the window, the first one behind is LF.
    var bytes: UnsafePointer<UInt8> { UnsafePointer(memory) }

    /// Lets the window begin at `position` and hold `wanted` bytes, or all that the file has. A file that is
    /// inflated cannot go back.
    func load(at position: Int, _ wanted: Int) throws(ConnectorError) {
        let kept = origin + count - position
        if position >= origin, kept >= 0 {
            let fitting = wanted > capacity ? Self.allocate(wanted) : memory
            if position > origin || fitting != memory {
                fitting.update(from: memory + (position - origin), count: kept)
            }
            adopt(fitting, wanted)
            count = kept
        } else {
            if wanted > capacity { adopt(Self.allocate(wanted), wanted) }
            count = 0
            isAtEnd = false
        }
        origin = position
        while count < wanted, !isAtEnd {
            let got = try file.read(into: memory + count, offset: origin + count, count: wanted - count)
            if got == 0 { isAtEnd = true }
            count += got
        }
        if !isAtEnd, let size = file.size, origin + count >= size { isAtEnd = true }
        // A last record without a line end gets one here, outside of the window.
        memory[count] = UInt8(ascii: "\n")
    }

    private func adopt(_ memory: UnsafeMutablePointer<UInt8>, _ capacity: Int) {
        guard memory != self.memory else { return }
        (self.memory - Self.spareBytes).deallocate()
        self.memory = memory
        self.capacity = capacity
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 2 * spareBytes)
        // Bytes that are read but never used need a value all the same.
        memory.initialize(repeating: 0, count: capacity + 2 * spareBytes)
        return memory + spareBytes
    }
}
