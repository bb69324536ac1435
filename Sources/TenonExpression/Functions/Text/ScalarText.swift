/// Texts by positions that count Unicode scalars, as the language counts them. All work is linear.
enum ScalarText {
    /// The first position from `start` on at which `part` stands; nil where there is none.
    static func firstIndex(of part: String, in text: String, from start: Int) -> Int? {
        let bytes = Array(text.utf8)
        guard let from = byteOffset(of: start, in: bytes) else { return nil }
        guard let found = ByteRun(part.utf8).first(in: bytes, from: from) else { return nil }
        return start + scalarCount(bytes[from..<found])
    }

    /// The last position up to `end` at which `part` stands; nil where there is none.
    static func lastIndex(of part: String, in text: String, upTo end: Int) -> Int? {
        let bytes = Array(text.utf8)
        let last = byteOffset(of: end, in: bytes) ?? bytes.count
        let run = ByteRun(part.utf8)
        let limit = min(bytes.count, last + run.bytes.count)
        // Backwards: the first one of the turned text is the last one.
        let turned = Array(bytes[..<limit].reversed())
        guard let found = ByteRun(run.bytes.reversed()).first(in: turned, from: 0) else { return nil }
        return scalarCount(bytes[..<(limit - found - run.bytes.count)])
    }

    static func count(_ text: String) -> Int { text.unicodeScalars.count }

    /// The text between two positions, which must be in order and inside of it.
    static func slice(_ text: String, from start: Int, to end: Int) -> String {
        let scalars = text.unicodeScalars
        let first = scalars.index(scalars.startIndex, offsetBy: start, limitedBy: scalars.endIndex)
        guard let first else { return "" }
        let last = scalars.index(first, offsetBy: end - start, limitedBy: scalars.endIndex)
        return String(scalars[first..<(last ?? scalars.endIndex)])
    }

    static func reversed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.reversed())
        return String(scalars)
    }

    /// The pieces between separators, at most `limit` of them; an empty separator gives the scalars.
    static func split(_ text: String, by separator: String, limit: Int) -> [String] {
        guard limit > 1 else { return limit == 1 ? [text] : [] }
        if separator.isEmpty {
            let scalars = text.unicodeScalars
            guard scalars.count > limit else { return scalars.map { String($0) } }
            let head = scalars.prefix(limit - 1)
            return head.map { String($0) } + [String(scalars[head.endIndex...])]
        }
        let bytes = Array(text.utf8)
        let run = ByteRun(separator.utf8)
        var pieces: [String] = []
        var start = 0
        while pieces.count < limit - 1, let found = run.first(in: bytes, from: start) {
            pieces.append(String(decoding: bytes[start..<found], as: UTF8.self))
            start = found + run.bytes.count
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }

    /// `text` with the first `limit` occurrences of `part` replaced; nil where the result would have more
    /// than `maxBytes`. An empty part stands before each scalar and at the end.
    static func replacing(
        _ part: String, with other: String, in text: String, limit: Int, maxBytes: Int
    ) -> String? {
        if part.isEmpty { return inserting(other, into: text, limit: limit, maxBytes: maxBytes) }
        let bytes = Array(text.utf8)
        let run = ByteRun(part.utf8)
        var result: [UInt8] = []
        var start = 0
        var left = limit
        while left > 0, let found = run.first(in: bytes, from: start) {
            result += bytes[start..<found]
            result += other.utf8
            start = found + run.bytes.count
            left -= 1
            guard result.count <= maxBytes else { return nil }
        }
        result += bytes[start...]
        return result.count <= maxBytes ? String(decoding: result, as: UTF8.self) : nil
    }

    private static func inserting(_ other: String, into text: String, limit: Int, maxBytes: Int) -> String? {
        var result = ""
        var left = limit
        for scalar in text.unicodeScalars {
            if left > 0 {
                result += other
                left -= 1
            }
            result.unicodeScalars.append(scalar)
            guard result.utf8.count <= maxBytes else { return nil }
        }
        if left > 0 { result += other }
        return result.utf8.count <= maxBytes ? result : nil
    }

    // MARK: Positions

    /// Nil where the text has fewer scalars.
    private static func byteOffset(of position: Int, in bytes: [UInt8]) -> Int? {
        var left = position
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if left == 0 { return offset }
            left -= 1
        }
        return left == 0 ? bytes.count : nil
    }

    private static func scalarCount(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    }
}

/// A run of bytes to be found in others, again and again (Knuth, Morris and Pratt).
struct ByteRun {
    let bytes: [UInt8]
    private let fallback: [Int]

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
        var fallback = [0]
        var matched = 0
        for index in self.bytes.indices.dropFirst() {
            while matched > 0, self.bytes[index] != self.bytes[matched] { matched = fallback[matched - 1] }
            if self.bytes[index] == self.bytes[matched] { matched += 1 }
            fallback.append(matched)
        }
        self.fallback = fallback
    }

    /// Where it stands first from `start` on.
    func first(in text: [UInt8], from start: Int) -> Int? {
        guard !bytes.isEmpty else { return start <= text.count ? start : nil }
        var matched = 0
        var position = start
        while position < text.count {
            while matched > 0, text[position] != bytes[matched] { matched = fallback[matched - 1] }
            if text[position] == bytes[matched] { matched += 1 }
            if matched == bytes.count { return position + 1 - matched }
            position += 1
        }
        return nil
    }
}
