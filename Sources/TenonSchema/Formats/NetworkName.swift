internal import TenonModel

/// Names of hosts.
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
        return tag == "ipv6:" ? IPAddress(v6: literal.dropFirst(5)) != nil : IPAddress(v4: literal) != nil
    }
}
