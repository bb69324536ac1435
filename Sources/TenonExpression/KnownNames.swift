/// The names that exist where an expression will be evaluated, as far as they are known when it is compiled.
package struct KnownNames: Sendable {
    /// Top-level names; nil: any name may exist.
    package var topLevel: [String]?
    /// Names after `context.`, `steps.` and the like, which may hold spaces; the longest that fits is taken.
    package private(set) var groups: [String: [String]]
    /// Groups in which another name than these is a mistake.
    package var closedGroups: Set<String>

    package init(
        topLevel: [String]? = nil, groups: [String: [String]] = [:], closedGroups: Set<String> = []
    ) {
        self.topLevel = topLevel
        self.groups = groups.mapValues { $0.sorted { $0.utf8.count > $1.utf8.count } }
        self.closedGroups = closedGroups
    }
}
