package import TenonVersion

/// A package and the versions that may be used: `http@^1.2`, `http@>=1.0 <2`, or `http` for the latest.
package struct PackageReference: Sendable, Hashable, CustomStringConvertible {
    package let name: String
    package let range: VersionRange

    package init?(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        // Nothing after the @ would be any version, which nobody means.
        guard let name = parts.first, !name.isEmpty, parts.count == 1 || !parts[1].isEmpty,
            let range = parts.count == 1 ? .latest : VersionRange(parts[1])
        else { return nil }
        self.name = name
        self.range = range
    }

    package var description: String { "\(name)@\(range)" }
}
