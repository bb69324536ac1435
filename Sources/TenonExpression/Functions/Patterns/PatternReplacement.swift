internal import TenonPattern

/// What takes the place of a match: text in which `\1` to `\9` stand for groups, `\0` for the whole match and `\\`
/// for the sign itself.
struct PatternReplacement {
    private enum Part {
        case text([UInt8])
        case group(Int)
    }

    private var parts: [Part] = []

    init(_ text: String, groupCount: Int) throws(FunctionMistake) {
        let bytes = Array(text.utf8)
        var plain: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            guard position < bytes.count else { throw FunctionMistake("the replacement ends with a \\") }
            let next = bytes[position]
            position += 1
            if next == UInt8(ascii: "\\") {
                plain.append(next)
            } else {
                guard next.isDigit else {
                    throw FunctionMistake(
                        "in a replacement a digit or \\ follows a \\; write \\\\ for the sign itself")
                }
                parts.append(.text(plain))
                plain = []
                parts.append(.group(try Self.group(next, groupCount)))
            }
        }
        parts.append(.text(plain))
    }

    private static func group(_ digit: UInt8, _ groupCount: Int) throws(FunctionMistake) -> Int {
        let number = Int(digit - UInt8(ascii: "0"))
        guard number <= groupCount else {
            let groups = groupCount == 1 ? "1 group" : "\(groupCount) groups"
            throw FunctionMistake("the replacement asks for group \(number) of a pattern with \(groups)")
        }
        return number
    }

    /// The highest group that it asks for.
    var highestGroup: Int {
        parts.reduce(0) { highest, part in
            if case .group(let number) = part { max(highest, number) } else { highest }
        }
    }

    /// Appends what takes the place of `match` in `text`.
    func append(for match: PatternMatch, in text: [UInt8], to result: inout [UInt8]) {
        for part in parts {
            switch part {
            case .text(let bytes): result += bytes
            case .group(0): result += text[match.range]
            case .group(let number):
                if let range = match.group(number) { result += text[range] }
            }
        }
    }
}
