internal import TenonModel

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
