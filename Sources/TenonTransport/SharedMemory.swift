internal import CPlatform
internal import Glibc

/// Memory that host and cell share: two rings of equal size, first the one to the host, then the one to the
/// cell.
///
/// Safe to share (`@unchecked Sendable`): addresses never change; who may touch which part is decided by the
/// rings' positions, and the host copies before it believes anything.
package final class SharedMemory: @unchecked Sendable {
    /// Of each direction.
    package static let ringByteCount = 8 << 20

    package let descriptor: Int32
    private let base: UnsafeMutableRawPointer

    /// New memory that cannot change its size; nil where the system has none.
    package convenience init?() {
        let descriptor = tp_sealed_memory("tenon-lane", UInt64(2 * Self.ringByteCount))
        guard descriptor >= 0 else { return nil }
        self.init(descriptor: descriptor)
    }

    /// Maps what the other side made; takes the descriptor over.
    package init?(descriptor: Int32) {
        let address = mmap(nil, 2 * Self.ringByteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        base = address
    }

    deinit {
        munmap(base, 2 * Self.ringByteCount)
        close(descriptor)
    }

    package var toHost: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base, count: Self.ringByteCount)
    }
    package var toCell: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base + Self.ringByteCount, count: Self.ringByteCount)
    }
}
