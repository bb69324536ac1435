internal import TenonModel

extension KnownNames {
    func addSuggestion(to error: SyntaxError, in text: String) -> SyntaxError {
        var error = error
        let suggestion = suggestion(in: text)
        if !suggestion.isEmpty, !error.message.contains("Did you mean") {
            if error.message.last != "." { error.message += "." }
            error.message += suggestion
        }
        return error
    }

    /// Where a text that cannot be read holds something like a known name with spaces (`context.Transfrm Data`):
    /// a sentence that says which, with its leading space; else nothing.
    private func suggestion(in text: String) -> String {
        let bytes = Array(text.utf8)
        for (group, names) in groups.sorted(by: { $0.key.utf8Precedes($1.key) }) {
            let prefix = Array("\(group).".utf8)
            var offset = 0
            while let start = Self.position(of: prefix, in: bytes, from: offset) {
                offset = start + prefix.count
                guard names.longestName(in: bytes, at: offset) == nil else { continue }
                let rest = bytes[offset...].prefix { !Self.ends.contains($0) }.prefix(Self.nameBytes)
                let written = String(decoding: rest, as: UTF8.self).trimmed
                guard written.contains(" "), let name = NearestName.of(written, among: names.sorted) else {
                    continue
                }
                return " Did you mean \(group).\(name)?"
            }
        }
        return ""
    }

    private static let nameBytes = 128
    /// What cannot stand in a name that is written without quotes.
    private static let ends = Set("}|&=!<>+*/%?:,()[]\"'.".utf8)

    private static func position(of prefix: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= prefix.count else { return nil }
        return (start...bytes.count - prefix.count).first { position in
            let isWord = position == 0 || !(bytes[position - 1].isNameStart || bytes[position - 1].isDigit)
            return isWord && bytes[position..<position + prefix.count].elementsEqual(prefix)
        }
    }
}

extension NameGroup {
    fileprivate var sorted: [String] { names.sorted { $0.utf8Precedes($1) } }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
