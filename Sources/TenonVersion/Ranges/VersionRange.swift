/// Which versions are accepted, as npm's semver reads it: `1.2.3`, `^1.2`, `~1.4.0`, `1.x`, `>=1.0 <2`,
/// `1.2 - 2.3`, `^1.2 || 2.x`; and `latest`, which is any.
///
/// A version with a pre-release part is accepted only where the range names a pre-release of the same numbers.
package struct VersionRange: Hashable, Sendable, CustomStringConvertible {
    /// In characters.
    package static let maxCount = 4096

    /// As it is written.
    package let description: String
    let options: VersionRangeOptions
    /// A version is accepted that meets all of one of these. None is empty.
    let alternatives: [[VersionComparator]]

    package static let latest = VersionRange(description: "latest", options: .init(), alternatives: [[.any]])

    private init(description: String, options: VersionRangeOptions, alternatives: [[VersionComparator]]) {
        self.description = description
        self.options = options
        self.alternatives = alternatives
    }

    /// nil where `text` is not a range.
    package init?(_ text: String, options: VersionRangeOptions = VersionRangeOptions()) {
        if text == "latest" {
            self = .latest
            return
        }
        guard text.utf8.count <= Self.maxCount,
            let alternatives = RangeReader(options: options).alternatives(of: text)
        else { return nil }
        self.init(description: text, options: options, alternatives: alternatives)
    }

    /// The range with everything written out: `>=1.2.0 <2.0.0-0||>=3.0.0`; empty for any version.
    package var canonical: String {
        alternatives.map { $0.map(\.text).joined(separator: " ") }.joined(separator: "||")
    }

    package func contains(_ version: SemanticVersion) -> Bool {
        alternatives.contains { $0.accept(version, options) }
    }

    /// The highest of `versions` that this accepts.
    package func best(of versions: [SemanticVersion]) -> SemanticVersion? {
        versions.filter(contains).max()
    }

    /// Whether some version may be in both.
    package func intersects(_ other: VersionRange) -> Bool {
        alternatives.contains { mine in
            mine.isSatisfiable(options)
                && other.alternatives.contains { theirs in
                    theirs.isSatisfiable(options)
                        && mine.allSatisfy { left in theirs.allSatisfy { left.intersects($0, options) } }
                }
        }
    }
}
