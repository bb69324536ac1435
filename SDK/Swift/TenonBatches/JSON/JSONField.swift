/// The value of a key in a line of JSON: where its token stands in the text, a string's with its quotes.
@frozen
public struct JSONField: Hashable, Sendable {
    @frozen
    public enum Kind: UInt8, Sendable {
        case missing, null, `false`, `true`
        case integer
        /// A number with a fraction or an exponent.
        case decimal
        case string
        /// A string with escapes in it.
        case escapedString
        case array, object
    }

    public var start: Int
    public var end: Int
    public var kind: Kind

    @inlinable
    public init(start: Int, end: Int, kind: Kind) {
        self.start = start
        self.end = end
        self.kind = kind
    }

    @inlinable public static var missing: JSONField { JSONField(start: 0, end: 0, kind: .missing) }
    @inlinable public var isNull: Bool { kind.rawValue <= Kind.null.rawValue }
    @inlinable public var isNumber: Bool { kind == .integer || kind == .decimal }
    @inlinable public var isString: Bool { kind == .string || kind == .escapedString }

    /// The token in the text that it was found in.
    @inlinable
    @inline(__always)
    public func token(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[start..<end])
    }

    /// The text of a string between its quotes.
    @inlinable
    @inline(__always)
    public func content(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: text[start &+ 1..<end &- 1])
    }
}
