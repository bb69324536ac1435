/// A key as the text of a document has it: equal where its UTF-8 bytes are, while Swift's strings are equal where
/// they look alike.
package struct KeyBytes: Hashable, Sendable {
    package let key: String

    package init(_ key: String) { self.key = key }

    package static func == (left: Self, right: Self) -> Bool { left.key.hasSameBytes(as: right.key) }

    package func hash(into hasher: inout Hasher) {
        let isDone: Void? = key.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if isDone == nil { Array(key.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
    }
}

extension String {
    /// Whether both are the same UTF-8 bytes.
    package func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) }
        }
        // Strings of another system's kind have no storage to look at.
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension JSONPointer {
    package static func == (left: Self, right: Self) -> Bool {
        left.tokens.elementsEqual(right.tokens) { $0.hasSameBytes(as: $1) }
    }

    package func hash(into hasher: inout Hasher) {
        for token in tokens {
            hasher.combine(token.utf8.count)
            hasher.combine(KeyBytes(token))
        }
    }
}
