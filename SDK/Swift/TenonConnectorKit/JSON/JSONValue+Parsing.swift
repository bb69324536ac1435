internal import TenonBatches

/// Why a text is no JSON document.
public struct JSONProblem: Error, Equatable, Sendable {
    public let problem: String
    /// In bytes from the beginning.
    public let offset: Int
}

extension JSONValue {
    /// Nested deeper than this, a document is refused.
    static let maxDepth = 128

    /// Reads one document (RFC 8259, UTF-8).
    public init(parsing text: UnsafeRawBufferPointer) throws(JSONProblem) {
        guard UTF8Check.isValid(text) else { throw JSONProblem(problem: "the text is not UTF-8", offset: 0) }
        var scanner = JSONScanner(text)
        do throws(JSONScanError) {
            self = try JSONValue(&scanner, depth: Self.maxDepth)
            guard scanner.isAtEnd() else { throw .unexpectedCharacter }
        } catch {
            throw JSONProblem(problem: error.problem, offset: scanner.position)
        }
    }

    public init(parsing text: String) throws(JSONProblem) {
        var text = text
        let result = text.withUTF8 { bytes -> Result<JSONValue, JSONProblem> in
            do throws(JSONProblem) {
                return .success(try JSONValue(parsing: UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    private init(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanError) {
        switch try scanner.peek() {
        case .null:
            try scanner.null()
            self = .null
        case .bool: self = .bool(try scanner.bool())
        case .number: self = JSONValue(number: scanner.bytes(of: try scanner.number()))
        case .string: self = .string(try Self.text(&scanner))
        case .array: self = .array(try Self.elements(&scanner, depth: depth))
        case .object: self = .object(try Self.members(&scanner, depth: depth))
        }
    }

    private init(number: UnsafeRawBufferPointer) {
        let text = String(decoding: number, as: UTF8.self)
        self = Int64(text).map { .int($0) } ?? .number(text)
    }

    private static func text(_ scanner: inout JSONScanner) throws(JSONScanError) -> String {
        let token = try scanner.string()
        guard token.isComplex else { return String(decoding: scanner.bytes(of: token), as: UTF8.self) }
        var bytes: [UInt8] = []
        try scanner.unescape(token, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func elements(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanError)
        -> [JSONValue]
    {
        guard depth > 0 else { throw .tooDeep }
        try scanner.expect(UInt8(ascii: "["))
        var values: [JSONValue] = []
        if scanner.skip(UInt8(ascii: "]")) { return values }
        while true {
            values.append(try JSONValue(&scanner, depth: depth - 1))
            if scanner.skip(UInt8(ascii: "]")) { return values }
            try scanner.expect(UInt8(ascii: ","))
        }
    }

    private static func members(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanError) -> [Member] {
        guard depth > 0 else { throw .tooDeep }
        try scanner.expect(UInt8(ascii: "{"))
        var members: [Member] = []
        if scanner.skip(UInt8(ascii: "}")) { return members }
        while true {
            let name = try text(&scanner)
            try scanner.expect(UInt8(ascii: ":"))
            members.append(Member(name, try JSONValue(&scanner, depth: depth - 1)))
            if scanner.skip(UInt8(ascii: "}")) { return members }
            try scanner.expect(UInt8(ascii: ","))
        }
    }
}
