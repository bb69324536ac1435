/// The names in the text form of the database, `tzdata.zi`: zones (`Z Europe/Berlin …`) and links
/// (`L Europe/Berlin Arctic/Longyearbyen`).
enum ZoneNames {
    /// Sorted; "UTC" is always among them.
    static func read(_ text: String) -> [String] {
        var names: Set<String> = ["UTC"]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3)
            guard let kind = words.first, kind.count == 1 else { continue }
            let position = kind.first == UInt8(ascii: "Z") ? 1 : kind.first == UInt8(ascii: "L") ? 2 : nil
            guard let position, position < words.count else { continue }
            names.insert(String(decoding: words[position], as: UTF8.self))
        }
        names.remove("Factory")
        return names.sorted()
    }
}
