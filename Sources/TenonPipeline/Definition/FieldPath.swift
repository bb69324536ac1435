package import TenonJSON

/// A way into a record: `id`, `a.b`, `a.b[0]`.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    package enum Part: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    package let text: String
    package let parts: [Part]

    /// Nil where the text is no path.
    package init?(_ text: String) {
        var parts: [Part] = []
        for piece in text.split(separator: ".", omittingEmptySubsequences: false) {
            var rest = piece[...]
            let key = rest.prefix { $0 != "[" }
            rest = rest.dropFirst(key.count)
            if !key.isEmpty {
                parts.append(.key(String(key)))
            } else if parts.isEmpty || rest.isEmpty {
                return nil
            }
            while !rest.isEmpty {
                guard rest.first == "[", let end = rest.firstIndex(of: "]"),
                    let index = Int(rest[rest.index(after: rest.startIndex)..<end]), index >= 0
                else { return nil }
                parts.append(.index(index))
                rest = rest[rest.index(after: end)...]
            }
        }
        self.text = text
        self.parts = parts
    }

    package var description: String { text }

    /// The name of the field that the path begins with.
    package var root: String {
        if case .key(let name) = parts.first { return name }
        return text
    }

    /// The value in `record`, null where there is none. A field whose name is the whole path comes first.
    package func value(in record: JSON) -> JSON {
        if let whole = record[text] { return whole }
        return Self.value(in: record, parts[...])
    }

    static func value(in json: JSON, _ parts: ArraySlice<Part>) -> JSON {
        var value = json
        for part in parts {
            let next =
                switch part {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { return .null }
            value = next
        }
        return value
    }
}
