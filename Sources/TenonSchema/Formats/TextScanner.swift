internal import TenonModel
internal import TenonPattern

/// Reads a text from its beginning, ASCII byte by ASCII byte.
struct TextScanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }
    var next: UInt8? { rest.first }

    /// Goes past one of these characters.
    mutating func take(_ characters: String) -> Bool {
        guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func take(where isWanted: (UInt8) -> Bool) -> Bool {
        guard let byte = rest.first, isWanted(byte) else { return false }
        rest.removeFirst()
        return true
    }

    /// Goes past all that follow of a kind; how many.
    mutating func takeAll(where isWanted: (UInt8) -> Bool) -> Int {
        let end = rest.firstIndex { !isWanted($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return end - rest.startIndex
    }
}

extension TextScanner {
    mutating func takeUUID() -> Bool {
        for (position, count) in [8, 4, 4, 4, 12].enumerated() {
            if position > 0, !take("-") { return false }
            for _ in 0..<count where !take(where: { $0.isHexDigit }) { return false }
        }
        return true
    }

    /// RFC 6901.
    mutating func takeJSONPointer() -> Bool {
        guard isAtEnd || next == UInt8(ascii: "/") else { return false }
        while !isAtEnd {
            if take("~") {
                guard take("01") else { return false }
            } else {
                _ = take { _ in true }
            }
        }
        return true
    }

    mutating func takeRelativeJSONPointer() -> Bool {
        guard takeWholeNumber() else { return false }
        if take("+-") {
            guard takeWholeNumber() else { return false }
        }
        return take("#") || takeJSONPointer()
    }

    /// Without leading zeros.
    private mutating func takeWholeNumber() -> Bool {
        let isZero = next == UInt8(ascii: "0")
        let count = takeAll(where: \.isDigit)
        return count == 1 || (count > 1 && !isZero)
    }

    /// RFC 6570; to the end of the text.
    mutating func takeURITemplate() -> Bool {
        while let byte = next {
            if take("{") {
                _ = take("+#./;?&=,!@|")
                repeat {
                    guard takeTemplateVariable() else { return false }
                } while take(",")
                guard take("}") else { return false }
            } else if byte == UInt8(ascii: "%") {
                guard takePercentEncoded() else { return false }
            } else {
                guard byte > 0x20, byte != 0x7F, !"\"'<>\\^`{|}".utf8.contains(byte) else { return false }
                _ = take { _ in true }
            }
        }
        return true
    }

    private mutating func takeTemplateVariable() -> Bool {
        repeat {
            var count = 0
            while true {
                if takeAll(where: { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }) > 0 {
                    count += 1
                } else if next == UInt8(ascii: "%") {
                    guard takePercentEncoded() else { return false }
                    count += 1
                } else {
                    break
                }
            }
            guard count > 0 else { return false }
        } while take(".")
        if take("*") { return true }
        guard take(":") else { return true }
        guard next != UInt8(ascii: "0") else { return false }
        return (1...4).contains(takeAll(where: \.isDigit))
    }

    private mutating func takePercentEncoded() -> Bool {
        take("%") && take { $0.isHexDigit } && take { $0.isHexDigit }
    }
}

/// Whether a text is a regular expression, also one that cannot be run here.
func isPattern(_ text: String) -> Bool { Pattern.isWellFormed(text) }
