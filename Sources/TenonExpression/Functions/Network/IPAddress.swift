/// An address of the Internet Protocol, version 4 or 6, without a zone.
struct IPAddress: Hashable, Sendable {
    enum Family: Int, Sendable {
        case v4 = 4
        case v6 = 6
    }

    /// 4 or 16 bytes.
    let bytes: [UInt8]
    var family: Family { bytes.count == 4 ? .v4 : .v6 }

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// `192.168.0.1` or `2001:db8::1`; nil for anything else, also for an address with a zone and for version
    /// 4 inside of version 6 in the form with points (`::ffff:10.0.0.1`), which people mistake for a plain
    /// address of version 4.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 45 else { return nil }
        let parsed = bytes.contains(UInt8(ascii: ":")) ? Self.parse6(bytes[...]) : Self.parse4(bytes[...])
        guard let parsed else { return nil }
        self.bytes = parsed
    }

    private static func parse4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero would mean octal to some.
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else {
                return nil
            }
            var value = 0
            for byte in part {
                guard byte.isDigit else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            guard let byte = UInt8(exactly: value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func parse6(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let gap = gap(in: text) else { return groups(text).flatMap { $0.count == 8 ? bytes($0) : nil } }
        guard let head = groups(text[..<gap]), let tail = groups(text[(gap + 2)...]),
            head.count + tail.count <= 7
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
        return bytes(head + zeros + tail)
    }

    /// Where `::` stands.
    private static func gap(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
    }

    /// The groups between colons; nil where one is none.
    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = HexText.value(of: byte) else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
        }
        return groups.count <= 8 ? groups : nil
    }

    private static func bytes(_ groups: [UInt16]) -> [UInt8] {
        groups.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text (RFC 5952).
    var description: String {
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

    // MARK: Kinds

    /// Whether it is version 4 inside of version 6.
    private var isMapped: Bool {
        bytes.count == 16 && bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 255 && bytes[11] == 255
    }

    /// As version 4 where that is what it means.
    var unmapped: IPAddress { isMapped ? IPAddress(bytes: Array(bytes.suffix(4))) : self }

    var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    var isLoopback: Bool {
        family == .v4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    var isLinkLocalUnicast: Bool {
        family == .v4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    var isLinkLocalMulticast: Bool {
        family == .v4
            ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : bytes[0] == 0xFF && bytes[1] & 0x0F == 2
    }

    private var isMulticast: Bool { family == .v4 ? bytes[0] & 0xF0 == 0xE0 : bytes[0] == 0xFF }

    /// Neither unspecified, loopback, link-local, multicast nor the broadcast address; private ones are too.
    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isLinkLocalUnicast && !isMulticast
            && !(family == .v4 && bytes.allSatisfy { $0 == 255 })
    }

    /// With the bits after the first `count` set to zero.
    func masked(to count: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(max(count - index * 8, 0), 8)
                return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
            })
    }
}

/// A range of addresses: `10.0.0.0/8`.
struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    let address: IPAddress
    let prefixLength: Int

    /// Nil where the text is not an address, a slash and a number of bits that the address has.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])) else { return nil }
        let digits = parts[1].utf8
        guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0"), let length = Int(parts[1]),
            length <= address.bytes.count * 8
        else { return nil }
        self.init(address, prefixLength: length)
    }

    private init(_ address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    var description: String { "\(address)/\(prefixLength)" }
    var masked: IPNetwork { IPNetwork(address.masked(to: prefixLength), prefixLength: prefixLength) }

    func contains(_ other: IPAddress) -> Bool {
        let other = address.family == .v4 ? other.unmapped : other
        return other.family == address.family
            && other.masked(to: prefixLength) == address.masked(to: prefixLength)
    }

    func contains(_ other: IPNetwork) -> Bool {
        other.prefixLength >= prefixLength && other.address.family == address.family
            && contains(other.address)
    }
}
