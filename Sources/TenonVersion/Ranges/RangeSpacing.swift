/// Takes out of a part of a range what does not count: build data, and spaces after signs.
///
/// The part has single spaces only.
enum RangeSpacing {
    /// `>`, `<`, `>=`, `<=`, `=` or nothing, and what follows.
    static func sign(of word: Substring) -> (sign: String, rest: Substring) {
        var rest = word
        if rest.first == "<" || rest.first == ">" { rest.removeFirst() }
        if rest.first == "=" { rest.removeFirst() }
        return (String(word[..<rest.startIndex]), rest)
    }

    static func withoutBuild(_ part: String) -> String {
        var result: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.first {
            rest.removeFirst()
            let next = rest.first.map(VersionText.isIdentifier) ?? false
            guard byte == UInt8(ascii: "+"), next else {
                result.append(byte)
                continue
            }
            rest = rest.drop(while: VersionText.isIdentifier)
            while rest.first == UInt8(ascii: "."),
                rest.dropFirst().first.map(VersionText.isIdentifier) ?? false
            {
                rest = rest.dropFirst().drop(while: VersionText.isIdentifier)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Without the spaces between a sign and its version.
    static func tightened(_ part: String) -> String {
        var text = afterComparators(Array(part.utf8))
        text = after(UInt8(ascii: "~"), in: text)
        text = after(UInt8(ascii: "^"), in: text)
        return String(decoding: text, as: UTF8.self)
    }

    /// `> 1.2` as `>1.2`.
    private static func afterComparators(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < text.count {
            var end = position
            if "<>".utf8.contains(text[end]) { end += 1 }
            if end < text.count, text[end] == UInt8(ascii: "=") { end += 1 }
            guard end > position else {
                result.append(text[position])
                position += 1
                continue
            }
            result += text[position..<end]
            let version = end < text.count && text[end] == 0x20 ? end + 1 : end
            var marks = version
            while marks < text.count, "v= ".utf8.contains(text[marks]) { marks += 1 }
            let isVersion =
                marks < text.count && (VersionText.isDigit(text[marks]) || "xX*".utf8.contains(text[marks]))
            // The marks belong to the version, so a sign among them is none.
            if isVersion { result += text[version..<marks] }
            position = isVersion ? marks : end
        }
        return result
    }

    /// `~ 1.2` as `~1.2`, and `~> 1.2` too.
    private static func after(_ mark: UInt8, in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var position = 0
        while position < text.count {
            let byte = text[position]
            result.append(byte)
            position += 1
            guard byte == mark else { continue }
            var end = position
            if mark == UInt8(ascii: "~"), end < text.count, text[end] == UInt8(ascii: ">") { end += 1 }
            if end < text.count, text[end] == 0x20 { position = end + 1 }
        }
        return result
    }
}
