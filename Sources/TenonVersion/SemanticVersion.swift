/// A version by semver.org 2.0.0. Build data is kept and does not count in comparisons.
package struct SemanticVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    package enum Identifier: Hashable, Sendable {
        case number(UInt64)
        case text(String)
    }

    package let major: UInt64
    package let minor: UInt64
    package let patch: UInt64
    package let prerelease: [Identifier]
    package let description: String

    package init?(_ text: String) {
        guard text.utf8.count <= 256 else { return nil }
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let core = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = core[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2]
        else {
            return nil
        }
        let prerelease = core.count > 1 ? Self.identifiers(core[1]) : []
        let build = parts.count > 1 ? Self.words(parts[1]) : []
        guard let prerelease, build != nil else { return nil }
        (self.major, self.minor, self.patch, self.prerelease) = (major, minor, patch, prerelease)
        description = text
    }

    fileprivate var core: [UInt64] { [major, minor, patch] }

    /// A number without leading zeros, exact also where a tool keeps it as a double.
    fileprivate static func number(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard text == "0" || text.first != "0" else { return nil }
        return UInt64(text).flatMap { $0 < 1 << 53 ? $0 : nil }
    }

    private static func identifiers(_ text: Substring) -> [Identifier]? {
        guard let words = words(text) else { return nil }
        var identifiers: [Identifier] = []
        for word in words {
            let isNumeric = word.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumeric else {
                identifiers.append(.text(String(word)))
                continue
            }
            guard let number = number(word) else { return nil }
            identifiers.append(.number(number))
        }
        return identifiers
    }

    private static func words(_ text: Substring) -> [Substring]? {
        let words = text.split(separator: ".", omittingEmptySubsequences: false)
        let isLegal = words.allSatisfy { word in
            !word.isEmpty
                && word.unicodeScalars.allSatisfy {
                    $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-")
                }
        }
        return isLegal ? words : nil
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.core == right.core && left.prerelease == right.prerelease
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(core)
        hasher.combine(prerelease)
    }

    /// Precedence, semver.org item 11.
    package static func < (left: Self, right: Self) -> Bool {
        if left.core != right.core { return left.core.lexicographicallyPrecedes(right.core) }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        return left.prerelease.lexicographicallyPrecedes(right.prerelease, by: <)
    }
}

extension SemanticVersion.Identifier: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.number, .text): true
        case (.text, .number): false
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}

/// Which versions a pin accepts: `1.2.3`, `^1.2`, `~1.4.0`, `1.x`, `1.2`, `latest`.
///
/// A version with a pre-release part is accepted only where the pin names one of the same numbers.
package struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let lower: [UInt64]
    private let lowerPrerelease: SemanticVersion?
    /// Excluded; nil for none.
    private let upper: [UInt64]?
    private let exact: SemanticVersion?

    package static let latest = VersionRange(description: "latest", lower: [0, 0, 0], upper: nil)

    private init(
        description: String, lower: [UInt64], upper: [UInt64]?, prerelease: SemanticVersion? = nil,
        exact: SemanticVersion? = nil
    ) {
        self.description = description
        self.lower = lower
        self.upper = upper
        self.exact = exact
        lowerPrerelease = prerelease
    }

    package init?(_ text: String) {
        if ["latest", "*", "x"].contains(text) {
            self = .latest
            return
        }
        let sign = text.first.flatMap { "^~".contains($0) ? $0 : nil }
        let body = sign == nil ? text : String(text.dropFirst())
        if let version = SemanticVersion(body) {
            if let sign {
                let upper = Self.next(version.core, stop: sign == "~" ? 1 : Self.firstNonZero(version.core))
                self.init(
                    description: text, lower: version.core, upper: upper,
                    prerelease: version.prerelease.isEmpty ? nil : version)
            } else {
                self.init(description: text, lower: version.core, upper: nil, exact: version)
            }
            return
        }
        guard let parts = Self.partial(body) else { return nil }
        let lower = parts + Array(repeating: 0, count: 3 - parts.count)
        var stop = parts.count - 1
        if sign == "~" { stop = min(1, stop) }
        if sign == "^" { stop = min(Self.firstNonZero(lower), stop) }
        self.init(description: text, lower: lower, upper: Self.next(lower, stop: stop))
    }

    /// The numbers of `1`, `1.x`, `1.2` or `1.2.*`.
    private static func partial(_ text: String) -> [UInt64]? {
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        while let last = parts.last, ["x", "X", "*"].contains(last) { parts.removeLast() }
        let numbers = parts.compactMap(SemanticVersion.number)
        guard !numbers.isEmpty, numbers.count < 3, numbers.count == parts.count else { return nil }
        return numbers
    }

    private static func firstNonZero(_ core: [UInt64]) -> Int { core.firstIndex { $0 != 0 } ?? 2 }

    /// `core` with the number at `stop` one higher and zeros after it.
    private static func next(_ core: [UInt64], stop: Int) -> [UInt64]? {
        let (higher, overflows) = core[stop].addingReportingOverflow(1)
        return overflows ? nil : core[..<stop] + [higher] + Array(repeating: 0, count: 2 - stop)
    }

    package func contains(_ version: SemanticVersion) -> Bool {
        if let exact { return version == exact }
        if !version.prerelease.isEmpty {
            guard let lowerPrerelease, lowerPrerelease.core == version.core else { return false }
            return !(version < lowerPrerelease)
        }
        if version.core.lexicographicallyPrecedes(lower) { return false }
        return upper.map { version.core.lexicographicallyPrecedes($0) } ?? true
    }

    /// The highest of `versions` that this accepts.
    package func best(of versions: [SemanticVersion]) -> SemanticVersion? {
        versions.filter(contains).max()
    }
}
