/// Finds the values of wanted keys in lines of JSON (one object a line, RFC 8259), checks the whole line and
/// builds nothing. The text must be valid UTF-8.
///
///     let scanner = JSONRecordScanner(keys: ["id", "status"])
///     let end = try scanner.scan(lines, from: start, into: fields)   // `end` is the line's end
public final class JSONRecordScanner {
    public let keys: [String]
    /// The first key of the last line that is not wanted and whose value is not null: its token, with quotes.
    // Unchecked, here and below: a scanner has one user at a time, and no access calls out within another; the
    // checks cost a twentieth of the scan.
    @exclusivity(unchecked) public private(set) var unknownKey: Range<Int>?

    private let table: KeyTable
    @exclusivity(unchecked) private var order: KeyOrder
    private let maxDepth: Int
    private static let searchedEntries = 64
    @exclusivity(unchecked) private var unescaped: [UInt8] = []

    /// Nested deeper than `maxDepth`, a line is refused.
    public init(keys: [String], maxDepth: Int = 128) {
        self.keys = keys
        self.maxDepth = maxDepth
        table = KeyTable(keys.map { Array($0.utf8) })
        order = KeyOrder(keyCount: keys.count)
    }

    deinit { order.free() }

    /// Scans the line that begins at `start` and answers where it ends: at its LF, or at the end of the text.
    /// `fields` has a place for each wanted key; a key that the line lacks is `missing`.
    ///
    /// The text may go on after the line, and the more so the faster: whole words are read.
    public func scan(
        _ text: UnsafeRawBufferPointer, from start: Int, into fields: UnsafeMutablePointer<JSONField>
    ) throws(JSONRecordError) -> Int {
        unknownKey = nil
        fields.update(repeating: .missing, count: keys.count)
        var line = JSONLine(text, at: start)
        line.skipSpace()
        guard line.byte == UInt8(ascii: "{") else {
            throw line.error(line.isAtEnd ? .syntax(.unexpectedEnd) : .notAnObject)
        }
        line.at &+= 1
        line.skipSpace()
        if line.byte == UInt8(ascii: "}") {
            line.at &+= 1
        } else {
            try scanMembers(&line, fields)
        }
        if line.isAtEnd { return line.at }
        line.skipSpace()
        guard line.isAtEnd else { throw line.error(.textAfterObject) }
        return line.at
    }

    @inline(__always)
    private func scanMembers(
        _ line: inout JSONLine, _ fields: UnsafeMutablePointer<JSONField>
    ) throws(JSONRecordError) {
        var place = 0
        while true {
            let start = line.at
            let key = try readKey(&line, &place)
            let field = try line.value(maxDepth: maxDepth)
            if key >= 0 {
                guard fields[key].kind == .missing else { throw line.error(.duplicate(key: key), at: start) }
                fields[key] = field
            } else if field.kind != .null, unknownKey == nil {
                noteUnknown(line.text, from: start)
            }
            if line.byte != UInt8(ascii: ","), line.byte != UInt8(ascii: "}") { line.skipSpace() }
            let next = line.byte
            guard next == UInt8(ascii: ",") || next == UInt8(ascii: "}") else {
                throw line.error(.syntax(line.isAtEnd ? .unexpectedEnd : .unexpectedCharacter))
            }
            line.at &+= 1
            if next == UInt8(ascii: "}") { return }
        }
    }

    /// Moves to the next value and answers the number of its key, or -1. `place` is where in the order of
    /// keys it is expected.
    @inline(__always)
    private func readKey(_ line: inout JSONLine, _ place: inout Int) throws(JSONRecordError) -> Int {
        if place < order.count {
            let entry = order.entries[place]
            if line.remaining >= entry.count &+ 8,
                KeyOrder.matches(entry, order.bytes, line.base + line.at)
            {
                place &+= 1
                line.at &+= entry.count
                return entry.key
            }
        }
        return try readUnexpectedKey(&line, &place)
    }

    @inline(never)
    private func readUnexpectedKey(_ line: inout JSONLine, _ place: inout Int) throws(JSONRecordError) -> Int
    {
        // A key that lines may lack: the next but one, or the one after that.
        for ahead in place + 1..<max(place + 1, min(place + 4, order.count)) {
            let entry = order.entries[ahead]
            guard line.remaining >= entry.count &+ 8,
                KeyOrder.matches(entry, order.bytes, line.base + line.at)
            else { continue }
            place = ahead + 1
            line.at += entry.count
            return entry.key
        }
        let start = line.at
        line.skipSpace()
        let token = try line.string()
        let key = try number(of: token, line)
        line.skipSpace()
        guard line.byte == UInt8(ascii: ":") else {
            throw line.error(.syntax(line.isAtEnd ? .unexpectedEnd : .unexpectedCharacter))
        }
        line.at += 1
        line.skipSpace()
        let before = UnsafeRawBufferPointer(rebasing: line.text[start..<line.at])
        if !isKnown(before, &place) {
            order.insert(before, key: key, at: place)
            place += 1
        }
        return key
    }

    /// Whether the order has these bytes; then `place` is behind them. Looks only so far: that some bytes are
    /// remembered twice does no harm.
    private func isKnown(_ text: UnsafeRawBufferPointer, _ place: inout Int) -> Bool {
        for index in 0..<min(order.count, Self.searchedEntries) where order.entries[index].count == text.count
        {
            let known = UnsafeRawBufferPointer(
                start: order.bytes + order.entries[index].start, count: text.count)
            guard known.elementsEqual(text) else { continue }
            place = index + 1
            return true
        }
        return false
    }

    private func number(of token: JSONField, _ line: JSONLine) throws(JSONRecordError) -> Int {
        let content = token.content(in: line.text)
        guard token.kind == .escapedString else { return table.number(of: content) ?? -1 }
        unescaped.removeAll(keepingCapacity: true)
        let scanner = JSONScanner(line.text)
        do throws(JSONScanError) {
            try scanner.unescape(
                JSONScanner.Token(start: token.start + 1, end: token.end - 1, isComplex: true),
                into: &unescaped)
        } catch {
            throw line.error(.syntax(error), at: token.start)
        }
        return unescaped.withUnsafeBytes { table.number(of: $0) ?? -1 }
    }

    /// Remembers the key that stands at `start`, behind white space.
    private func noteUnknown(_ text: UnsafeRawBufferPointer, from start: Int) {
        var scanner = JSONScanner(text, position: start)
        scanner.skipSpace()
        let first = scanner.position
        // `try?`: the scan has read this key as a string before.
        if (try? scanner.string()) != nil { unknownKey = first..<scanner.position }
    }
}
