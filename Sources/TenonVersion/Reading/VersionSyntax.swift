/// What is taken for a version.
package enum VersionSyntax: Sendable, Hashable {
    /// Exactly what semver.org 2.0.0 has.
    case semver
    /// What npm takes: white space around it and a `v` before it.
    case npm
    /// npm's tolerance for old packages: `=1.2.3`, `01.2.3`, `1.2.3beta`.
    case loose
}
