/// A URI or a relative reference in its parts (RFC 3986, section 3).
struct URIReference: Sendable {
    var scheme: Substring?
    var authority: Substring?
    var path: String
    var query: Substring?
    /// As it is written, not decoded.
    var fragment: Substring?

    init(_ text: String) {
        var rest = text[...]
        (rest, fragment) = Self.divided(rest, at: "#")
        (rest, query) = Self.divided(rest, at: "?")
        if let end = rest.utf8.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }),
            rest.utf8[end] == UInt8(ascii: ":"), end != rest.startIndex
        {
            scheme = rest[..<end]
            rest = rest[rest.utf8.index(after: end)...]
        }
        if rest.utf8.starts(with: "//".utf8) {
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
            let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            authority = rest[..<end]
            rest = rest[end...]
        }
        path = String(rest)
    }

    private static func divided(_ text: Substring, at sign: Unicode.Scalar) -> (Substring, Substring?) {
        guard let place = text.utf8.firstIndex(of: UInt8(ascii: sign)) else { return (text, nil) }
        return (text[..<place], text[text.utf8.index(after: place)...])
    }

    /// The target of this reference from `base` (RFC 3986, section 5.2).
    func resolved(against base: URIReference) -> URIReference {
        var target = self
        guard scheme == nil else {
            if authority != nil { target.path = Self.withoutDots(path) }
            return target
        }
        target.scheme = base.scheme
        guard authority == nil else {
            target.path = Self.withoutDots(path)
            return target
        }
        target.authority = base.authority
        if path.isEmpty {
            target.path = base.path
            target.query = query ?? base.query
        } else {
            target.path = Self.withoutDots(path.utf8.first == UInt8(ascii: "/") ? path : base.merged(path))
        }
        return target
    }

    private func merged(_ other: String) -> String {
        if authority != nil, path.isEmpty { return "/" + other }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return other }
        return path[...slash] + other
    }

    /// Without `.` and `..` (section 5.2.4).
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst(
            isAbsolute ? 1 : 0)
        for (position, segment) in segments.enumerated() {
            let isLast = position == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return (isAbsolute ? "/" : "") + kept.joined(separator: "/")
    }

    /// Everything before the fragment.
    var document: String {
        (scheme.map { $0 + ":" } ?? "") + (authority.map { "//" + $0 } ?? "") + path
            + (query.map { "?" + $0 } ?? "")
    }
}
