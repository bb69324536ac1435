internal import TenonBatches

/// Where a text that is masked may have been cut, so that only a part of a value is there.
package struct TextCuts: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The text goes on from another.
    package static let beginning = TextCuts(rawValue: 1)
    /// The text, or a part of it before an ellipsis, may be the first part of a longer one.
    package static let end = TextCuts(rawValue: 2)
}

/// The texts that tell a secret, and the search for them.
struct SecretNeedles: Sendable, Equatable {
    /// Shorter texts stand in too many places that have nothing to do with the secret.
    static let minBytes = 4
    /// Of a line, or of a value that is cut.
    private static let minPartBytes = 8
    private static let ellipsis = Array("…".utf8)

    /// By their first bytes; longest first, so that a secret that holds another is replaced as a whole.
    private var byBeginning: [UInt32: [[UInt8]]] = [:]
    /// Whether one begins with a byte; empty where there are none.
    private var begins: [Bool] = []

    init(_ values: some Sequence<String>) {
        var forms: Set<[UInt8]> = []
        for value in values { Self.forms(of: Array(value.utf8), into: &forms) }
        guard !forms.isEmpty else { return }
        begins = Array(repeating: false, count: 256)
        for form in forms where form.count >= Self.minBytes {
            byBeginning[Self.beginning(of: form, at: 0), default: []].append(form)
            begins[Int(form[0])] = true
        }
        for key in Array(byBeginning.keys) {
            byBeginning[key]?.sort {
                $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1)
            }
        }
    }

    var isEmpty: Bool { byBeginning.isEmpty }

    /// The first `minBytes` bytes as one number.
    private static func beginning(of bytes: [UInt8], at position: Int) -> UInt32 {
        bytes[position..<position + minBytes].reduce(0) { $0 << 8 | UInt32($1) }
    }

    // MARK: Search

    /// In order; none overlaps another.
    func places(in bytes: [UInt8], _ cuts: TextCuts) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var position = 0
        if cuts.contains(.beginning), let length = rest(at: bytes) {
            found.append(0..<length)
            position = length
        }
        while position < bytes.count {
            if begins[Int(bytes[position])], let length = match(bytes, at: position, cuts) {
                found.append(position..<position + length)
                position += length
            } else {
                position += 1
            }
        }
        return found
    }

    private func match(_ bytes: [UInt8], at position: Int, _ cuts: TextCuts) -> Int? {
        guard position + Self.minBytes <= bytes.count else { return nil }
        for needle in byBeginning[Self.beginning(of: bytes, at: position)] ?? [] {
            let end = min(needle.count, bytes.count - position)
            var length = Self.minBytes
            while length < end, bytes[position + length] == needle[length] { length += 1 }
            if length == needle.count { return length }
            guard cuts.contains(.end), length >= Self.minPartBytes else { continue }
            let rest = bytes[(position + length)...]
            if rest.isEmpty || rest.starts(with: Self.ellipsis) { return length }
        }
        return nil
    }

    /// How many bytes at the beginning are the end of a value.
    private func rest(at bytes: [UInt8]) -> Int? {
        var longest = 0
        for needle in byBeginning.values.joined() {
            var length = min(needle.count - 1, bytes.count)
            while length >= max(Self.minPartBytes, longest + 1) {
                if needle[needle.count - length] == bytes[0], bytes.starts(with: needle.suffix(length)) {
                    longest = length
                }
                length -= 1
            }
        }
        return longest > 0 ? longest : nil
    }

    // MARK: Forms

    private static func forms(of whole: [UInt8], into forms: inout Set<[UInt8]>) {
        // Whoever reads a value from a file often leaves out the end of its last line.
        let trimmed = trimmed(whole[...])
        let value = trimmed.count >= minBytes ? Array(trimmed) : whole
        forms.insert(value)
        // As forms on web pages encode it.
        forms.insert(value.map { $0 == space ? UInt8(ascii: "+") : $0 })
        for form in base64(value) { forms.insert(form) }
        // What is printed is logged line by line. The frame of a PEM text tells nothing.
        for line in value.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let line = self.trimmed(line)
            guard line.count >= minPartBytes, !line.starts(with: Array("-----".utf8)) else { continue }
            forms.insert(Array(line))
        }
    }

    private static let space = UInt8(ascii: " ")

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == space || (0x09...0x0D).contains(byte) }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return bytes[first...last]
    }

    /// The characters that are the same in every Base64 text around a value, for each of the three places at
    /// which it may begin in a group, in both alphabets.
    private static func base64(_ value: [UInt8]) -> [[UInt8]] {
        var forms: [[UInt8]] = []
        for alphabet in [Base64.Alphabet.standard, .url] {
            for lead in 0..<3 {
                let size = lead + value.count
                let text = Base64.encode([UInt8](repeating: 0, count: lead) + value, alphabet)
                // The first character whose bits are all the value's, up to the last such.
                forms.append(Array(Array(text.utf8)[(lead * 8 + 5) / 6..<size * 8 / 6]))
            }
        }
        // A short piece of Base64 may be anything.
        return forms.filter { $0.count >= 2 * minBytes }
    }
}
