/// A place in a document (RFC 6901).
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    package var tokens: [String]

    package init(_ tokens: [String] = []) { self.tokens = tokens }

    package func appending(_ key: String) -> JSONPointer { JSONPointer(tokens + [key]) }
    package func appending(_ index: Int) -> JSONPointer { JSONPointer(tokens + [String(index)]) }

    /// Such as `/steps/0/name`; the whole document is the empty text.
    package var description: String {
        tokens.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}

extension String {
    /// This text with every `pattern` replaced.
    fileprivate func replacing(_ pattern: Character, with text: String) -> String {
        reduce(into: "") { $1 == pattern ? $0.append(text) : $0.append($1) }
    }
}

extension JSON {
    /// The value at `pointer`, or nil where there is none.
    package func value(at pointer: JSONPointer) -> JSON? {
        pointer.tokens.reduce(self) { value, token in
            guard let value else { return nil }
            return value[token] ?? index(token).flatMap { value[$0] }
        }
    }

    /// Digits without a zero before others (RFC 6901, section 4).
    private func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy({ (0x30...0x39).contains($0) }), token == "0" || token.first != "0" else {
            return nil
        }
        return Int(token)
    }
}
