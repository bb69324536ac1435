internal import Glibc

/// Comparing runs of bytes.
enum ByteOrder {
    @inline(__always)
    static func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        guard left.count == right.count else { return false }
        guard let first = left.baseAddress, let second = right.baseAddress, left.count > 0 else {
            return true
        }
        return memcmp(first, second, left.count) == 0
    }

    /// Negative where `left` comes first.
    @inline(__always)
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let first = left.baseAddress, let second = right.baseAddress {
            let order = memcmp(first, second, common)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }

    static func contains(_ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
        guard part.count > 0 else { return true }
        var start = 0
        // Comparisons that together cost about as much as the text is long, and some.
        var comparisonsLeft = text.count / part.count + 1000
        while start + part.count <= text.count, let first = firstIndex(of: part[0], in: text, from: start),
            first + part.count <= text.count
        {
            if isEqual(UnsafeRawBufferPointer(rebasing: text[first..<first + part.count]), part) {
                return true
            }
            start = first + 1
            comparisonsLeft -= 1
            if comparisonsLeft == 0 {
                return containsInLinearTime(UnsafeRawBufferPointer(rebasing: text[start...]), part)
            }
        }
        return false
    }

    /// After Knuth, Morris and Pratt: for texts that almost match everywhere.
    private static func containsInLinearTime(
        _ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer
    ) -> Bool {
        var fallback = [0]
        fallback.reserveCapacity(part.count)
        var matched = 0
        for index in part.indices.dropFirst() {
            while matched > 0, part[index] != part[matched] { matched = fallback[matched - 1] }
            if part[index] == part[matched] { matched += 1 }
            fallback.append(matched)
        }
        matched = 0
        for byte in text {
            while matched > 0, byte != part[matched] { matched = fallback[matched - 1] }
            if byte == part[matched] { matched += 1 }
            if matched == part.count { return true }
        }
        return false
    }
}

extension ByteOrder {
    static func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
