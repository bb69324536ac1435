/// An address of the Internet Protocol, version 4 or 6, without a zone.
package struct IPAddress: Hashable, Sendable {
    package enum Family: Int, Sendable {
        case v4 = 4
        case v6 = 6
    }

    /// 4 or 16 bytes.
    package let bytes: [UInt8]
    package var family: Family { bytes.count == 4 ? .v4 : .v6 }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// `192.168.0.1` or `2001:db8::1`; nil for anything else, also for an address with a zone and for version
    /// 4 inside of version 6 in the form with points (`::ffff:10.0.0.1`), which people mistake for a plain
    /// address of version 4.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)[...]
        if bytes.contains(UInt8(ascii: ":")) {
            self.init(v6: bytes, mayEndInV4: false)
        } else {
            self.init(v4: bytes)
        }
    }

    /// Four numbers from 0 to 255 without leading zeros, which would mean octal to some.
    package init?(v4 text: ArraySlice<UInt8>) {
        guard text.count <= 15 else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        bytes = parts.compactMap(Self.decimalByte)
        guard bytes.count == 4 else { return nil }
    }

    /// RFC 4291, section 2.2; the last 32 bits as `10.0.0.1` only where that is said.
    package init?(v6 text: ArraySlice<UInt8>, mayEndInV4: Bool = true) {
        guard text.count <= 45 else { return nil }
        let colon = UInt8(ascii: ":")
        // What stands before and after `::`.
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            guard let groups = Self.groups(text, mayEndInV4: mayEndInV4), groups.count == 16 else {
                return nil
            }
            bytes = groups
            return
        }
        guard let head = Self.groups(text[..<gap], mayEndInV4: false),
            let tail = Self.groups(text[(gap + 2)...], mayEndInV4: mayEndInV4),
            head.count + tail.count <= 14
        else { return nil }
        bytes = head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func decimalByte(_ part: ArraySlice<UInt8>) -> UInt8? {
        guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else {
            return nil
        }
        var value = 0
        for byte in part {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    /// The bytes of the groups between colons, at most 16; nil where something else is.
    private static func groups(_ text: ArraySlice<UInt8>, mayEndInV4: Bool) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (position, part) in parts.enumerated() {
            if let group = group(part) {
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
            } else if mayEndInV4, position == parts.count - 1, let last = IPAddress(v4: part) {
                bytes += last.bytes
            } else {
                return nil
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    private static func group(_ part: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(part.count) else { return nil }
        var value: UInt16 = 0
        for byte in part {
            guard let digit = HexText.value(of: byte) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// With the bits after the first `count` set to zero.
    package func masked(to count: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(count - index * 8, 0), 8)
                return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
            })
    }

    /// As version 4 where that is what it means.
    package var unmapped: IPAddress { isMapped ? IPAddress(bytes: Array(bytes.suffix(4))) : self }

    /// Whether it is version 4 inside of version 6.
    private var isMapped: Bool {
        bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text (RFC 5952).
    package var description: String {
        if family == .v4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = groups
        if isMapped { return "::ffff:" + unmapped.description }
        guard let gap = Self.longestZeros(groups) else { return Self.text(groups[...]) }
        return Self.text(groups[..<gap.lowerBound]) + "::" + Self.text(groups[gap.upperBound...])
    }

    private var groups: [UInt16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first longest run of at least two zeros.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }
}
