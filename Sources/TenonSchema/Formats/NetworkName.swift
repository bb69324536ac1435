/// Names and addresses of hosts.
enum NetworkName {
    /// RFC 1123: labels of letters, digits and hyphens inside, at most 63 bytes each and 253 in all.
    static func isHostname(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard !bytes.isEmpty, bytes.count <= 253 else { return false }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
        return first != hyphen && last != hyphen
            && label.allSatisfy { $0.isLetter || $0.isDigit || $0 == hyphen }
    }

    /// Four numbers from 0 to 255 without leading zeros.
    static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= 15 else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(\.isDigit),
                    part.count == 1 || part.first != UInt8(ascii: "0")
                else { return false }
                return part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    /// RFC 4291, section 2.2, without a zone.
    static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= 45 else { return false }
        let colon = UInt8(ascii: ":")
        // What stands before and after `::`.
        let gap = bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
        guard let gap else { return groupCount(bytes, mayEndInIPv4: true) == 8 }
        guard let before = groupCount(bytes[..<gap], mayEndInIPv4: false),
            let after = groupCount(bytes[(gap + 2)...], mayEndInIPv4: true)
        else { return false }
        return before + after <= 7
    }

    /// How many groups of 16 bits there are; nil where something else is.
    private static func groupCount(_ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> Int? {
        guard !bytes.isEmpty else { return 0 }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var count = 0
        for (position, part) in parts.enumerated() {
            if (1...4).contains(part.count), part.allSatisfy({ $0.hexDigitValue != nil }) {
                count += 1
            } else if mayEndInIPv4, position == parts.count - 1, isIPv4(part) {
                count += 2
            } else {
                return nil
            }
        }
        return count
    }
}

/// The `Mailbox` of RFC 5321, section 4.1.2.
enum MailAddress {
    static func isLegal(_ bytes: ArraySlice<UInt8>, allowsAnyLetter: Bool) -> Bool {
        // Only a quoted local part may have an @ of its own, so the last one divides.
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let local = bytes[..<at]
        guard (1...64).contains(local.count) else { return false }
        let isLocalLegal =
            local.first == UInt8(ascii: "\"")
            ? isQuoted(local, allowsAnyLetter) : isDotString(local, allowsAnyLetter)
        return isLocalLegal && isDomain(bytes[(at + 1)...], allowsAnyLetter)
    }

    private static func isDotString(_ bytes: ArraySlice<UInt8>, _ allowsAnyLetter: Bool) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.allSatisfy { byte in
                    byte.isLetter || byte.isDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
                        || (allowsAnyLetter && byte >= 0x80)
                }
        }
    }

    private static func isQuoted(_ bytes: ArraySlice<UInt8>, _ allowsAnyLetter: Bool) -> Bool {
        var scanner = TextScanner(bytes)
        guard scanner.take("\"") else { return false }
        while let byte = scanner.next {
            if scanner.take("\"") { return scanner.isAtEnd }
            if byte == UInt8(ascii: "\\") {
                guard scanner.take("\\"), scanner.take(where: { (32...126).contains($0) }) else {
                    return false
                }
            } else {
                guard scanner.take(where: { (32...126).contains($0) || (allowsAnyLetter && $0 >= 0x80) })
                else {
                    return false
                }
            }
        }
        return false
    }

    private static func isDomain(_ bytes: ArraySlice<UInt8>, _ allowsAnyLetter: Bool) -> Bool {
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count > 2 else {
            // Letters of other scripts are checked by the mail system alone.
            let ascii = allowsAnyLetter ? bytes.map { $0 >= 0x80 ? UInt8(ascii: "a") : $0 }[...] : bytes
            return NetworkName.isHostname(ascii)
        }
        let literal = bytes.dropFirst().dropLast()
        let tag = String(decoding: literal.prefix(5), as: UTF8.self).lowercased()
        return tag == "ipv6:" ? NetworkName.isIPv6(literal.dropFirst(5)) : NetworkName.isIPv4(literal)
    }
}
