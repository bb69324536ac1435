/// A place in a document (RFC 6901).
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    package var tokens: [String]

    package init(_ tokens: [String] = []) { self.tokens = tokens }

    package func appending(_ key: String) -> JSONPointer { JSONPointer(tokens + [key]) }
    package func appending(_ index: Int) -> JSONPointer { JSONPointer(tokens + [String(index)]) }

    /// Such as `/steps/0/name`; the whole document is the empty text.
    package var description: String {
        var text = String.UnicodeScalarView()
        for token in tokens {
            text.append("/")
            // By scalars: a sign with an accent upon it is still the sign.
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text.append(contentsOf: "~0".unicodeScalars)
                case "/": text.append(contentsOf: "~1".unicodeScalars)
                default: text.append(scalar)
                }
            }
        }
        return String(text)
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
