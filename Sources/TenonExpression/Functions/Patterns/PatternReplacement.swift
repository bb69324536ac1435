internal import TenonPattern

/// What takes the place of a match: text in which `\1` to `\9` stand for groups, `\0` for the whole match and `\\`
/// for the sign itself.
struct PatternReplacement {
    private enum Part {
        /// A piece of the replacement's own bytes.
        case text(Range<Int>)
        case group(Int)
    }

    private let bytes: [UInt8]
    private var parts: [Part] = []

    /// How much there is to do for each match, besides copying.
    var partCount: Int { parts.count }

    init(_ text: String, groupCount: Int) throws(FunctionMistake) {
        bytes = Array(text.utf8)
        var (start, position) = (0, 0)
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            if start < position { parts.append(.text(start..<position)) }
            position += 1
            guard position < bytes.count else { throw FunctionMistake("the replacement ends with a \\") }
            let next = bytes[position]
            if next == UInt8(ascii: "\\") {
                // The second of both begins the next piece.
                start = position
            } else {
                guard next.isDigit else {
                    throw FunctionMistake(
                        "in a replacement a digit or \\ follows a \\; write \\\\ for the sign itself")
                }
                parts.append(.group(try Self.group(next, groupCount)))
                start = position + 1
            }
            position += 1
        }
        if start < position { parts.append(.text(start..<position)) }
    }

    private static func group(_ digit: UInt8, _ groupCount: Int) throws(FunctionMistake) -> Int {
        let number = Int(digit - UInt8(ascii: "0"))
        guard number <= groupCount else {
            let groups = groupCount == 1 ? "1 group" : "\(groupCount) groups"
            throw FunctionMistake("the replacement asks for group \(number) of a pattern with \(groups)")
        }
        return number
    }

    /// How many bytes take the place of `match`. Texts have less than 2^32 bytes: no sum of them overflows.
    func byteCount(for match: PatternMatch) -> Int {
        parts.reduce(0) { $0 + (range(of: $1, match)?.count ?? 0) }
    }

    /// Appends what takes the place of `match` in `text`.
    func append(for match: PatternMatch, in text: [UInt8], to result: inout [UInt8]) {
        for part in parts {
            guard let range = range(of: part, match) else { continue }
            if case .text = part { result += bytes[range] } else { result += text[range] }
        }
    }

    /// What a part takes, of the replacement or of the text.
    private func range(of part: Part, _ match: PatternMatch) -> Range<Int>? {
        switch part {
        case .text(let range): range
        case .group(0): match.range
        case .group(let number): match.group(number)
        }
    }
}
