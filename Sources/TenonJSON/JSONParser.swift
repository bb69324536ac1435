/// Reads one JSON document (RFC 8259): strict syntax, exact numbers, no lone surrogates, bounded depth.
package struct JSONParser {
    /// What becomes of a key that occurs twice in one object.
    package enum DuplicateKeys: Sendable {
        case refuse
        case lastWins
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private let maxDepth: Int
    private let duplicateKeys: DuplicateKeys
    /// How many values may still come.
    private var valuesLeft: Int
    /// How many members and elements the last object and array at each depth had: the next is often alike.
    private var memberCounts: [Int] = []
    private var elementCounts: [Int] = []
    /// The first keys of the last object at each depth, no two of them alike.
    private var knownKeys: [[KnownKey]] = []

    private init(
        _ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int, maxValues: Int, duplicateKeys: DuplicateKeys
    ) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.duplicateKeys = duplicateKeys
        valuesLeft = maxValues
    }

    private static let maxReserved = 32

    private static func reserved(_ depth: Int, in counts: inout [Int]) -> Int {
        while counts.count <= depth { counts.append(0) }
        return min(counts[depth], maxReserved)
    }

    /// Parses UTF-8 `bytes`; white space around the document is allowed, anything else is not.
    ///
    /// - Parameter maxValues: bounds the memory of a document, since a value of two bytes takes two dozen.
    package static func parse(
        _ bytes: [UInt8], maxDepth: Int = 64, maxValues: Int = .max, duplicateKeys: DuplicateKeys = .refuse
    ) throws(JSONError) -> JSON {
        try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            var parser = JSONParser(
                bytes, maxDepth: maxDepth, maxValues: maxValues, duplicateKeys: duplicateKeys)
            return try parser.document()
        }
    }

    package static func parse(
        _ text: String, maxDepth: Int = 64, duplicateKeys: DuplicateKeys = .refuse
    ) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), maxDepth: maxDepth, duplicateKeys: duplicateKeys)
    }

    var current: UInt8? {
        @inline(__always) get { position < bytes.count ? bytes[position] : nil }
    }

    func error(_ problem: String, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? position
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(problem: problem, offset: offset, line: line, column: column)
    }

    @inline(__always)
    private mutating func skipSpace() {
        while let byte = current, byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func document() throws(JSONError) -> JSON {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw error("unexpected text after the document") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard let byte = current else { throw error("unexpected end") }
        guard valuesLeft > 0 else { throw error("more values than a document may have") }
        valuesLeft -= 1
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("unexpected character")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let count = word.utf8CodeUnitCount
        let isThere =
            bytes.count - position >= count
            && (1..<count).allSatisfy { bytes[position + $0] == word.utf8Start[$0] }
        guard isThere else { throw error("expected \(word)") }
        position += count
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSON {
        guard depth < maxDepth else { throw error("nested deeper than \(maxDepth)") }
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        elements.reserveCapacity(Self.reserved(depth, in: &elementCounts))
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                elementCounts[depth] = elements.count
                return .array(elements)
            default: throw error("expected , or ] in an array")
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSON {
        guard depth < maxDepth else { throw error("nested deeper than \(maxDepth)") }
        let start = position
        position += 1
        var members: [JSONObject.Member] = []
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        members.reserveCapacity(Self.reserved(depth, in: &memberCounts))
        while knownKeys.count <= depth { knownKeys.append([]) }
        var areKnown = true
        while true {
            let key = try key(depth: depth, at: members.count, &areKnown)
            members.append((key, try value(depth: depth + 1)))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                memberCounts[depth] = members.count
                if areKnown { return .object(JSONObject(distinct: members)) }
                return .object(try object(of: members, from: start, depth: depth))
            default: throw error("expected , or } in an object")
            }
        }
    }

    private mutating func object(
        of members: [JSONObject.Member], from start: Int, depth: Int
    ) throws(JSONError) -> JSONObject {
        let read = JSONObject.read(members)
        guard let index = read.duplicate else { return read.object }
        knownKeys[depth] = []
        guard duplicateKeys == .refuse else { return read.object }
        throw duplicate(members[index].key, index, inObjectAt: start, depth: depth)
    }

    /// Reads a key and the colon after it.
    ///
    /// - Parameter areKnown: whether all keys of this object so far were those of the last one at this depth.
    @inline(__always)
    private mutating func key(depth: Int, at index: Int, _ areKnown: inout Bool) throws(JSONError) -> String {
        skipSpace()
        let start = position
        let key: String
        if areKnown, index < knownKeys[depth].count, stands(knownKeys[depth][index], at: start) {
            key = knownKeys[depth][index].key
            position = start + knownKeys[depth][index].count
        } else {
            guard current == UInt8(ascii: "\"") else { throw error("expected a key") }
            key = try string()
            if areKnown { knownKeys[depth].removeSubrange(index...) }
            areKnown = false
            if index < JSONObject.indexThreshold {
                knownKeys[depth].append(KnownKey(start: start, count: position - start, key: key))
            }
        }
        skipSpace()
        guard current == UInt8(ascii: ":") else { throw error("expected : after a key") }
        position += 1
        skipSpace()
        return key
    }

    /// Whether the same bytes stand there: then it is the same key, since its quotes are among them.
    @inline(__always)
    private func stands(_ known: KnownKey, at start: Int) -> Bool {
        guard known.count <= bytes.count - start, let base = UnsafeRawPointer(bytes.baseAddress) else {
            return false
        }
        // Both are within the bytes: one was read before, the other was just checked.
        let (left, right) = (base + known.start, base + start)
        var offset = 0
        while offset + 8 <= known.count {
            let leftWord = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard leftWord == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
                return false
            }
            offset += 8
        }
        while offset < known.count {
            guard bytes[known.start + offset] == bytes[start + offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Looks for the place of a member once more, since places are not kept.
    private func duplicate(_ key: String, _ index: Int, inObjectAt start: Int, depth: Int) -> JSONError {
        var again = JSONParser(bytes, maxDepth: maxDepth, maxValues: .max, duplicateKeys: .lastWins)
        again.position = start
        do throws(JSONError) {
            for _ in 0..<index {
                again.position += 1
                var areKnown = false
                _ = try again.key(depth: depth, at: JSONObject.indexThreshold, &areKnown)
                _ = try again.value(depth: depth + 1)
                again.skipSpace()
            }
        } catch {
            return error
        }
        again.position += 1
        again.skipSpace()
        let shown = String(key.unicodeScalars.prefix(100))
        return error("the key \"\(shown)\" occurs twice", at: again.position)
    }
}

/// A key of an object that was read, and where it stands with its quotes.
private struct KnownKey {
    let start: Int
    let count: Int
    let key: String
}

/// Where and why a text is not JSON.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package var problem: String
    /// In bytes from the start.
    package var offset: Int
    /// From 1; the column counts bytes.
    package var line: Int
    package var column: Int

    package var description: String { "\(problem) (line \(line), column \(column))" }
}
