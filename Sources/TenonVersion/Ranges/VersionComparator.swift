/// One condition of a range, such as `>=1.2.3`.
struct VersionComparator: Hashable, Sendable {
    enum Sign: String, Sendable, CaseIterable {
        case greaterOrEqual = ">="
        case lessOrEqual = "<="
        case greater = ">"
        case less = "<"
        case equal = ""

        var isUp: Bool { self == .greater || self == .greaterOrEqual }
        var isDown: Bool { self == .less || self == .lessOrEqual }
        var isInclusive: Bool { self == .greaterOrEqual || self == .lessOrEqual }
    }

    let sign: Sign
    /// nil for any version; the sign says nothing then.
    let version: SemanticVersion?

    static let any = VersionComparator(sign: .equal, version: nil)
    /// What no version meets.
    static let none = VersionComparator(
        sign: .less, version: SemanticVersion(0, 0, 0, prerelease: [.number(0)]))

    var isAny: Bool { version == nil }

    var text: String { version.map { sign.rawValue + $0.withoutBuild } ?? "" }

    func accepts(_ other: SemanticVersion) -> Bool {
        guard let version else { return true }
        switch sign {
        case .greaterOrEqual: return other >= version
        case .lessOrEqual: return other <= version
        case .greater: return other > version
        case .less: return other < version
        case .equal: return other == version
        }
    }

    /// Whether some version may meet both.
    func intersects(_ other: VersionComparator, _ options: VersionRangeOptions) -> Bool {
        guard let version, let second = other.version else { return true }
        if sign == .equal { return [other].accept(version, options) }
        if other.sign == .equal { return [self].accept(second, options) }
        if [self, other].contains(where: { $0.isBelowAll(options) }) { return false }
        if sign.isUp == other.sign.isUp { return true }
        if version == second { return sign.isInclusive && other.sign.isInclusive }
        return version < second ? sign.isUp : sign.isDown
    }

    private func isBelowAll(_ options: VersionRangeOptions) -> Bool {
        guard sign == .less, let version, version.core == [0, 0, 0] else { return false }
        return !options.includesPrereleases || self == .none
    }
}

extension [VersionComparator] {
    /// Whether `version` meets all of these.
    func accept(_ version: SemanticVersion, _ options: VersionRangeOptions) -> Bool {
        guard allSatisfy({ $0.accepts(version) }) else { return false }
        guard !version.prerelease.isEmpty, !options.includesPrereleases else { return true }
        // Who names a pre-release of a version wants those of this version, and no others.
        return contains { comparator in
            comparator.version.map { !$0.prerelease.isEmpty && $0.core == version.core } ?? false
        }
    }

    /// Whether some version may meet all of these, two at a time.
    func isSatisfiable(_ options: VersionRangeOptions) -> Bool {
        indices.allSatisfy { index in
            self[..<index].allSatisfy { self[index].intersects($0, options) }
        }
    }
}
