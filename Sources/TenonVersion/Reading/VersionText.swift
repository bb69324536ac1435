/// Which characters are what in versions and ranges.
enum VersionText {
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// `[0-9A-Za-z-]`
    static func isIdentifier(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }

    /// The words of a text between white space, with one space between them.
    static func words(_ text: some StringProtocol) -> [String] {
        text.utf8.split(whereSeparator: isSpace).map { String(decoding: $0, as: UTF8.self) }
    }
}
