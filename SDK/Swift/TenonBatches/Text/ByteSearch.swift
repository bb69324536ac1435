/// Looks for single bytes many at a time.
public enum ByteSearch {
    /// Where `byte` first stands from `start` on, or nil.
    @inlinable
    @inline(__always)
    public static func first(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        let count = bytes.count &- start
        let found = Int(tenon_find((base + start).assumingMemoryBound(to: UInt8.self), count, byte))
        return found == count ? nil : start &+ found
    }

    /// Where `byte` last stands, or nil.
    @inlinable
    public static func last(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        var index = bytes.count
        while index > 0 {
            index &-= 1
            if bytes[index] == byte { return index }
        }
        return nil
    }

    /// How often `byte` occurs.
    @inlinable
    public static func count(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        return Int(tenon_count(base.assumingMemoryBound(to: UInt8.self), bytes.count, byte))
    }
}
