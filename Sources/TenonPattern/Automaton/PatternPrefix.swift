internal import Glibc

/// Looks for the bytes that every match begins with.
enum PatternPrefix {
    /// Where `text` has the bytes of `prefix`, at `position` or after it; nil where there are none.
    static func find(
        _ prefix: [UInt8], in text: UnsafeBufferPointer<UInt8>, from position: Int
    ) -> Int? {
        guard let base = text.baseAddress, let first = prefix.first else { return nil }
        var position = position
        while position + prefix.count <= text.count {
            guard let found = memchr(base + position, Int32(first), text.count - position) else { return nil }
            position = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            guard position + prefix.count <= text.count else { return nil }
            if memcmp(base + position, prefix, prefix.count) == 0 { return position }
            position += 1
        }
        return nil
    }
}
