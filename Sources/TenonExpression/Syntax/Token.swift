/// A word of the language.
enum Token: Equatable {
    case identifier(String)
    /// A name in backticks.
    case quotedName(String)
    /// The digits of an integer without its sign.
    case int(UInt64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case symbol(String)
    case end

    /// As a message shows it.
    var text: String {
        switch self {
        case .identifier(let name), .quotedName(let name): "\"\(name)\""
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): "\(value)"
        case .string, .bytes: "a string"
        case .symbol(let symbol): "\"\(symbol)\""
        case .end: "the end"
        }
    }
}

/// A mistake in a text, by byte offset.
struct SyntaxError: Error {
    var message: String
    var offset: Int
    var isUnsupported = false
}
