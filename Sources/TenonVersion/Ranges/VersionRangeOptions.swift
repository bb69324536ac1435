/// How ranges are read and what they accept, as in npm.
package struct VersionRangeOptions: Hashable, Sendable {
    /// Reads what npm took in its first years, and leaves out what is not legal.
    package var isLoose: Bool
    /// Accepts pre-releases like other versions. Without it a range accepts only those of a version that it
    /// names with a pre-release itself.
    package var includesPrereleases: Bool

    package init(isLoose: Bool = false, includesPrereleases: Bool = false) {
        self.isLoose = isLoose
        self.includesPrereleases = includesPrereleases
    }

    var syntax: VersionSyntax { isLoose ? .loose : .npm }
}
