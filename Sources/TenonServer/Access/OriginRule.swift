package import TenonModel

/// Refuses requests that a web page sent here under a name of its own (DNS rebinding) or from another origin.
///
/// A browser always tells the name that it looked up in `Host`. A rebound name is the attacker's, so only IP
/// addresses,
/// `localhost` and names that the administrator gave are accepted.
package struct OriginRule: Sendable {
    private let names: Set<String>

    package init(names: [String] = []) { self.names = Set(names.map { $0.lowercased() } + ["localhost"]) }

    package func check(host: String?, origin: String?) throws(TenonError) {
        guard let host, accepts(Authority(host).name) else {
            throw TenonError(
                .wrongHost,
                "This host does not answer to the name \"\(host ?? "")\"; use its address, or start it with --host-name."
            )
        }
        guard let origin else { return }
        guard let authority = Self.authority(ofOrigin: origin), Authority(authority) == Authority(host) else {
            throw TenonError(
                .wrongOrigin,
                "Pages of \"\(origin.prefix(200))\" may not call this host; call it from its own pages.")
        }
    }

    private func accepts(_ name: String) -> Bool {
        names.contains(name) || Self.isAddress(name)
    }

    private static func authority(ofOrigin origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }

    /// True for an IPv4 address, or an IPv6 address in brackets.
    static func isAddress(_ name: String) -> Bool {
        let bytes = Array(name.utf8)[...]
        guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count > 2 else {
            return IPAddress(v4: bytes) != nil
        }
        return IPAddress(v6: bytes.dropFirst().dropLast()) != nil
    }

    /// A name and port as `Host` and `Origin` write them.
    private struct Authority: Equatable {
        let name: String
        let port: String

        init(_ text: String) {
            let text = text.lowercased()
            if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
                name = String(text[..<colon])
                port = String(text[text.index(after: colon)...])
            } else {
                name = text
                port = ""
            }
        }
    }
}
