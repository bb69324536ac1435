internal import TenonModel

/// What kinds of addresses there are (RFC 6890).
extension IPAddress {
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
}
