/// Walks over one line of a text of many lines.
struct JSONLine {
    let text: UnsafeRawBufferPointer
    let base: UnsafeRawPointer
    let count: Int
    var at: Int

    @inline(__always)
    init(_ text: UnsafeRawBufferPointer, at: Int) {
        self.text = text
        // An empty text has no bytes that could be read.
        base = text.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        count = text.baseAddress == nil ? 0 : text.count
        self.at = at
    }

    /// Bytes up to the end of the text.
    @inline(__always) var remaining: Int { count &- at }

    /// The next byte; LF at the end of the text too.
    @inline(__always) var byte: UInt8 {
        at < count ? base.load(fromByteOffset: at, as: UInt8.self) : UInt8(ascii: "\n")
    }

    @inline(__always) var isAtEnd: Bool { byte == UInt8(ascii: "\n") }

    func error(_ kind: JSONRecordError.Kind, at offset: Int? = nil) -> JSONRecordError {
        JSONRecordError(kind: kind, offset: offset ?? at)
    }

    /// Skips white space within the line.
    @inline(__always)
    mutating func skipSpace() {
        while byte == 0x20 || byte == 0x09 || byte == 0x0D { at &+= 1 }
    }

    @inline(__always)
    mutating func value(maxDepth: Int) throws(JSONRecordError) -> JSONField {
        let first = byte
        if first == UInt8(ascii: "\"") { return try string() }
        if first &- UInt8(ascii: "0") < 10 || first == UInt8(ascii: "-") { return try number() }
        return try otherValue(maxDepth: maxDepth)
    }

    // MARK: Strings

    /// The string that begins here.
    @inline(__always)
    mutating func string() throws(JSONRecordError) -> JSONField {
        let start = at
        guard byte == UInt8(ascii: "\"") else {
            throw error(.syntax(isAtEnd ? .unexpectedEnd : .unexpectedCharacter))
        }
        let first = (base + at).assumingMemoryBound(to: UInt8.self) + 1
        let end = at &+ 1 &+ Int(tenon_json_plain(first, count &- at &- 1))
        if end < count, base.load(fromByteOffset: end, as: UInt8.self) == UInt8(ascii: "\"") {
            at = end &+ 1
            return JSONField(start: start, end: at, kind: .string)
        }
        return try longString()
    }

    /// A string with escapes, or that does not end well.
    @inline(never)
    private mutating func longString() throws(JSONRecordError) -> JSONField {
        var scanner = JSONScanner(text, position: at)
        do throws(JSONScanError) {
            let token = try scanner.string()
            defer { at = scanner.position }
            return JSONField(start: token.start - 1, end: token.end + 1, kind: .escapedString)
        } catch {
            throw stringError(from: at)
        }
    }

    /// What is wrong with the string at `start`: a line that ends within it ends too early, whatever the next line
    /// is.
    private mutating func stringError(from start: Int) -> JSONRecordError {
        let end = ByteSearch.first(UInt8(ascii: "\n"), in: text, from: start) ?? text.count
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: text[..<end]), position: start)
        do throws(JSONScanError) {
            _ = try scanner.string()
        } catch {
            at = scanner.position
            return self.error(.syntax(error))
        }
        // Not reached: what is no string in the text is none in its line.
        return self.error(.syntax(.unexpectedEnd))
    }

    // MARK: Numbers

    /// The number that begins here, checked.
    @inline(__always)
    private mutating func number() throws(JSONRecordError) -> JSONField {
        let start = at
        if byte == UInt8(ascii: "-") { at &+= 1 }
        let first = byte
        let digits = skipDigits()
        guard digits > 0, digits == 1 || first != UInt8(ascii: "0") else {
            throw error(.syntax(.invalidNumber))
        }
        var kind = JSONField.Kind.integer
        if byte == UInt8(ascii: ".") {
            kind = .decimal
            at &+= 1
            guard skipDigits() > 0 else { throw error(.syntax(.invalidNumber)) }
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            kind = .decimal
            at &+= 1
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at &+= 1 }
            guard skipDigits() > 0 else { throw error(.syntax(.invalidNumber)) }
        }
        return JSONField(start: start, end: at, kind: kind)
    }

    @inline(__always)
    private mutating func skipDigits() -> Int {
        let start = at
        while at &+ 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ DigitWord.zeros
            let others = (word | (word &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
            if others != 0 {
                // The lowest mark is exact; sums only carry upwards.
                at &+= others.trailingZeroBitCount >> 3
                return at &- start
            }
            at &+= 8
        }
        while byte &- UInt8(ascii: "0") < 10 { at &+= 1 }
        return at &- start
    }

    // MARK: Other values

    private static let null: UInt32 = 0x6C6C_756E

    @inline(never)
    private mutating func otherValue(maxDepth: Int) throws(JSONRecordError) -> JSONField {
        if remaining >= 4, base.loadUnaligned(fromByteOffset: at, as: UInt32.self) == Self.null {
            at += 4
            return JSONField(start: at - 4, end: at, kind: .null)
        }
        // Containers must not go on over the line's end, so the scanner sees only this line.
        let end = ByteSearch.first(UInt8(ascii: "\n"), in: text, from: at) ?? text.count
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: text[..<end]), position: at)
        do throws(JSONScanError) {
            let kind = try scanner.peek()
            let token = try scanner.value(maxDepth: maxDepth)
            at = scanner.position
            return JSONField(start: token.start, end: token.end, kind: Self.kind(kind, text[token.start]))
        } catch {
            at = scanner.position
            throw self.error(.syntax(error))
        }
    }

    private static func kind(_ kind: JSONScanner.Kind, _ first: UInt8) -> JSONField.Kind {
        switch kind {
        case .null: .null
        case .bool: first == UInt8(ascii: "t") ? .true : .false
        case .array: .array
        case .object: .object
        // Numbers and strings are read elsewhere.
        case .number: .decimal
        case .string: .escapedString
        }
    }
}
