internal import TenonModel

/// The grammar of RFC 3986, and of RFC 3987 where letters beyond ASCII are allowed.
struct URISyntax {
    let allowsAnyLetter: Bool

    func isURI(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let colon = schemeEnd(bytes) else { return false }
        return isHierarchy(bytes[(colon + 1)...], isRelative: false)
    }

    func isReference(_ bytes: ArraySlice<UInt8>) -> Bool {
        isURI(bytes) || isHierarchy(bytes, isRelative: true)
    }

    /// The colon after a legal scheme.
    private func schemeEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.first?.isLetter == true,
            bytes[..<colon].allSatisfy({ $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) })
        else { return nil }
        return colon
    }

    private func isHierarchy(_ bytes: ArraySlice<UInt8>, isRelative: Bool) -> Bool {
        var rest = bytes
        if let place = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard hasOnly(rest[(place + 1)...], besides: ":@/?") else { return false }
            rest = rest[..<place]
        }
        if let place = rest.firstIndex(of: UInt8(ascii: "?")) {
            guard hasOnly(rest[(place + 1)...], besides: ":@/?") else { return false }
            rest = rest[..<place]
        }
        let slash = UInt8(ascii: "/")
        if rest.starts(with: [slash, slash]) {
            let authority = rest.dropFirst(2).prefix { $0 != slash }
            guard isAuthority(authority) else { return false }
            rest = rest[authority.endIndex...]
        } else if isRelative, rest.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) {
            return false
        }
        return hasOnly(rest, besides: ":@/")
    }

    private func isAuthority(_ bytes: ArraySlice<UInt8>) -> Bool {
        var host = bytes
        if let at = host.lastIndex(of: UInt8(ascii: "@")) {
            guard hasOnly(host[..<at], besides: ":") else { return false }
            host = host[(at + 1)...]
        }
        var port: ArraySlice<UInt8> = []
        if host.first == UInt8(ascii: "[") {
            guard let end = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
            port = host[(end + 1)...]
            host = host[..<end].dropFirst()
            guard IPAddress(v6: host) != nil || isFutureAddress(host) else { return false }
            guard port.isEmpty || port.first == UInt8(ascii: ":") else { return false }
        } else {
            let end = host.firstIndex(of: UInt8(ascii: ":")) ?? host.endIndex
            port = host[end...]
            guard hasOnly(host[..<end], besides: "") else { return false }
        }
        return port.dropFirst().allSatisfy(\.isDigit)
    }

    /// `v1.something`.
    private func isFutureAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        var scanner = TextScanner(bytes)
        guard scanner.take("vV"), scanner.takeAll(where: { $0.isHexDigit }) > 0, scanner.take(".")
        else { return false }
        return !scanner.isAtEnd
            && scanner.rest.allSatisfy { isPlain($0) || $0 == UInt8(ascii: ":") }
    }

    /// Unreserved characters, sub-delimiters, percent-encoded bytes, and those `besides`.
    private func hasOnly(_ bytes: ArraySlice<UInt8>, besides others: String) -> Bool {
        var scanner = TextScanner(bytes)
        while !scanner.isAtEnd {
            if scanner.take("%") {
                guard scanner.take(where: { $0.isHexDigit }),
                    scanner.take(where: { $0.isHexDigit })
                else { return false }
            } else {
                guard scanner.take(where: isPlain) || scanner.take(others) else { return false }
            }
        }
        return true
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "-._~!$&'()*+,;=".utf8.contains(byte)
            || (allowsAnyLetter && byte >= 0x80)
    }
}
