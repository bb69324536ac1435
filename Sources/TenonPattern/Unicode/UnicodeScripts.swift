/// Unicode's scripts by their names: `Greek` or `Grek`.
enum UnicodeScripts {
    static func set(named name: String) -> ScalarSet? { sets[name] }

    private static let sets: [String: ScalarSet] = {
        var sets: [String: ScalarSet] = [:]
        var names: [Substring] = []
        var ranges: [ClosedRange<UInt32>] = []
        // An empty line after the last ends its row.
        for line in text.split(separator: "\n") + [Substring()] {
            var words = line.split(separator: " ")
            if line.first != " " {
                for name in names { sets[String(name)] = ScalarSet(ranges) }
                let colon = words.firstIndex { $0.last == ":" } ?? 0
                names = words.prefix(colon + 1).map { $0.last == ":" ? $0.dropLast() : $0 }
                words = Array(words.dropFirst(colon + 1))
                ranges = []
            }
            ranges += words.compactMap(range)
        }
        return sets
    }()

    private static func range(_ word: Substring) -> ClosedRange<UInt32>? {
        let ends = word.split(separator: "-").compactMap { UInt32($0, radix: 16) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
    }
}
