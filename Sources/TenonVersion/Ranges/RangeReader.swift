/// Reads ranges the way npm's semver does: step by step it rewrites what is short until only comparators are
/// left.
struct RangeReader {
    let options: VersionRangeOptions
    /// What a lower bound that was not written in full ends with.
    private var lowest: String { options.includesPrereleases ? "-0" : "" }

    init(options: VersionRangeOptions) { self.options = options }

    /// nil where the text is not a range.
    func alternatives(of text: String) -> [[VersionComparator]]? {
        let words = VersionText.words(text).joined(separator: " ")
        var alternatives: [[VersionComparator]] = []
        for part in Self.split(words) {
            guard let comparators = comparators(of: VersionText.words(part).joined(separator: " ")) else {
                return nil
            }
            // Loose reading may leave nothing.
            if !comparators.isEmpty { alternatives.append(comparators) }
        }
        guard let first = alternatives.first else { return nil }
        guard alternatives.count > 1 else { return alternatives }
        alternatives.removeAll { $0.first == VersionComparator.none }
        if alternatives.isEmpty { return [first] }
        return alternatives.contains([.any]) ? [[.any]] : alternatives
    }

    /// The parts between `||`.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = text[...]
        while let bar = rest.firstIndex(of: "|") {
            let next = rest.index(after: bar)
            guard next < rest.endIndex, rest[next] == "|" else { break }
            parts.append(rest[..<bar])
            rest = rest[rest.index(after: next)...]
        }
        return parts + [rest]
    }

    /// The comparators of a part; nil where it is not legal.
    private func comparators(of part: String) -> [VersionComparator]? {
        let text = RangeSpacing.tightened(hyphened(RangeSpacing.withoutBuild(part)))
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(spread)
        let isAnything = options.includesPrereleases ? ">=0.0.0-0" : ">=0.0.0"
        var result: [VersionComparator] = []
        for word in Self.words(words.joined(separator: " ")) {
            switch comparator(word == isAnything ? "" : word) {
            case .legal(let comparator): if !result.contains(comparator) { result.append(comparator) }
            case .illegal: if !options.isLoose { return nil }
            case .outOfBounds: return nil
            }
        }
        if result.contains(.none) { return [.none] }
        if result.count > 1 { result.removeAll(where: \.isAny) }
        return result
    }

    /// The words of a text, with an empty one where it begins or ends with a space.
    private static func words(_ text: String) -> [Substring] {
        let words = text.split(separator: " ")
        return (text.hasPrefix(" ") ? [""] : []) + words + (text.hasSuffix(" ") || text.isEmpty ? [""] : [])
    }

    /// `1.2 - 3.4` as two comparators; any other text as it is.
    private func hyphened(_ text: String) -> String {
        let words = text.split(separator: " ")
        guard let hyphen = words.firstIndex(of: "-") else { return text }
        let from = words[..<hyphen].joined(separator: " ")
        let to = words[(hyphen + 1)...].joined(separator: " ")
        guard let low = partial(from), let high = partial(to) else { return text }
        return [lower(low, from), upper(high, to)].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func partial(_ text: some StringProtocol) -> PartialVersion? {
        var reader = VersionReader(text, syntax: options.syntax)
        return reader.partial()
    }

    private func lower(_ low: PartialVersion, _ text: String) -> String {
        if PartialVersion.isAny(low.major) { return "" }
        if PartialVersion.isAny(low.minor) { return ">=\(low.major).0.0\(lowest)" }
        if PartialVersion.isAny(low.patch) { return ">=\(low.major).\(low.minor).0\(lowest)" }
        return ">=\(text)\(low.prerelease.isEmpty ? lowest : "")"
    }

    private func upper(_ high: PartialVersion, _ text: String) -> String {
        if PartialVersion.isAny(high.major) { return "" }
        if PartialVersion.isAny(high.minor) { return "<\(PartialVersion.next(high.major)).0.0-0" }
        if PartialVersion.isAny(high.patch) { return "<\(high.major).\(PartialVersion.next(high.minor)).0-0" }
        if !high.prerelease.isEmpty {
            return "<=\(high.major).\(high.minor).\(high.patch)-\(high.prerelease)"
        }
        guard options.includesPrereleases else { return "<=\(text)" }
        return "<\(high.major).\(high.minor).\(PartialVersion.next(high.patch))-0"
    }

    /// A caret, a tilde or a version with open parts as comparators; anything else as it is.
    private func spread(_ word: Substring) -> String {
        if word.first == "^", let partial = partial(word.dropFirst()) { return caret(partial) }
        if word.first == "~" {
            let rest = word.dropFirst()
            if let partial = partial(rest.first == ">" ? rest.dropFirst() : rest) { return tilde(partial) }
        }
        return Self.withoutStar(open(word))
    }

    private func tilde(_ version: PartialVersion) -> String {
        let (major, minor) = (version.major, version.minor)
        if PartialVersion.isAny(major) { return "" }
        if PartialVersion.isAny(minor) {
            return ">=\(major).0.0\(lowest) <\(PartialVersion.next(major)).0.0-0"
        }
        let end = "<\(major).\(PartialVersion.next(minor)).0-0"
        if PartialVersion.isAny(version.patch) { return ">=\(major).\(minor).0\(lowest) \(end)" }
        return "\(least(version)) \(end)"
    }

    private func caret(_ version: PartialVersion) -> String {
        let (major, minor) = (version.major, version.minor)
        if PartialVersion.isAny(major) { return "" }
        let nextMajor = "<\(PartialVersion.next(major)).0.0-0"
        if PartialVersion.isAny(minor) { return ">=\(major).0.0\(lowest) \(nextMajor)" }
        let nextMinor = "<\(major).\(PartialVersion.next(minor)).0-0"
        if PartialVersion.isAny(version.patch) {
            return ">=\(major).\(minor).0\(lowest) \(major == "0" ? nextMinor : nextMajor)"
        }
        if major != "0" { return "\(least(version)) \(nextMajor)" }
        if minor != "0" { return "\(least(version)) \(nextMinor)" }
        return "\(least(version)) <\(major).\(minor).\(PartialVersion.next(version.patch))-0"
    }

    private func least(_ version: PartialVersion) -> String {
        let prerelease = version.prerelease.isEmpty ? "" : "-\(version.prerelease)"
        return ">=\(version.major).\(version.minor).\(version.patch)\(prerelease)"
    }

    /// `1.x`, `>1`, `<=1.2.*` and the like.
    private func open(_ word: Substring) -> String {
        let (sign, rest) = RangeSpacing.sign(of: word)
        guard let version = partial(rest), !version.hasWrongOrder else { return String(word) }
        let (major, minor) = (version.major, version.minor)
        if PartialVersion.isAny(major) { return sign == ">" || sign == "<" ? "<0.0.0-0" : "*" }
        guard PartialVersion.isAny(version.patch) else { return String(word) }
        let isMinorOpen = PartialVersion.isAny(minor)
        let begin = isMinorOpen ? "\(major).0.0" : "\(major).\(minor).0"
        let next =
            isMinorOpen
            ? "\(PartialVersion.next(major)).0.0" : "\(major).\(PartialVersion.next(minor)).0"
        switch sign {
        case ">": return ">=\(next)\(lowest)"
        case ">=": return ">=\(begin)\(lowest)"
        case "<": return "<\(begin)-0"
        case "<=": return "<\(next)-0"
        default: return ">=\(begin)\(lowest) <\(next)-0"
        }
    }

    /// Stars say nothing, so the first one is left out, with a sign before it.
    private static func withoutStar(_ word: String) -> String {
        guard let star = word.firstIndex(of: "*") else { return word }
        var before = word[..<star]
        if before.last == "=" { before.removeLast() }
        if before.last == "<" || before.last == ">" { before.removeLast() }
        return String(before + word[word.index(after: star)...])
    }

    private enum Reading {
        case legal(VersionComparator)
        case illegal
        /// It has the form of a comparator, with numbers that no version has.
        case outOfBounds
    }

    private func comparator(_ word: Substring) -> Reading {
        if word.isEmpty { return .legal(.any) }
        let (text, rest) = RangeSpacing.sign(of: word)
        let sign = VersionComparator.Sign(rawValue: text == "=" ? "" : text) ?? .equal
        if let version = SemanticVersion(String(rest), syntax: options.syntax) {
            return .legal(VersionComparator(sign: sign, version: version))
        }
        // Only numbers that are too large make the difference.
        guard let partial = partial(rest), !PartialVersion.isAny(partial.patch) else { return .illegal }
        let parts = [partial.major, partial.minor, partial.patch]
        let areNumbers = !parts.contains(where: PartialVersion.isAny)
        return areNumbers ? .outOfBounds : .illegal
    }
}
