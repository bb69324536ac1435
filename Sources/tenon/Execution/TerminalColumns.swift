/// How many columns of a terminal text takes.
enum TerminalColumns {
    /// The scalars that take two: East Asian scripts, full-width forms, pictures.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
        0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
        0x20000...0x3FFFD,
    ]

    private static func count(_ character: Character) -> Int {
        let isWide = character.unicodeScalars.contains { scalar in
            wide.contains { $0.contains(scalar.value) }
        }
        return isWide ? 2 : 1
    }

    /// `text`, or as much of it as fits into `width` columns with an ellipsis at its end.
    static func cut(_ text: String, to width: Int) -> String {
        var used = 0
        // Where the text would be cut to leave a column for the ellipsis.
        var end = text.startIndex
        for index in text.indices {
            if used < width { end = index }
            used += count(text[index])
            if used > width { return text[..<end] + "…" }
        }
        return text
    }
}
