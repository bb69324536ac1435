// A part of npm's semver, whose suite asks for all of it; the host itself asks only `contains` and `best`.

extension VersionRange {
    /// Whether every version that this accepts is below `version`.
    package func isBelow(_ version: SemanticVersion) -> Bool { excludes(version, Direction(isUp: true)) }

    /// Whether every version that this accepts is above `version`.
    package func isAbove(_ version: SemanticVersion) -> Bool { excludes(version, Direction(isUp: false)) }

    /// Looking up, or with everything turned round, down.
    private struct Direction {
        let isUp: Bool

        func isFurther(_ left: SemanticVersion, than right: SemanticVersion) -> Bool {
            isUp ? left > right : left < right
        }

        /// Whether the comparator accepts everything further on.
        func isOpen(_ sign: VersionComparator.Sign) -> Bool { isUp ? sign.isUp : sign.isDown }
    }

    private func excludes(_ version: SemanticVersion, _ direction: Direction) -> Bool {
        guard !contains(version) else { return false }
        return alternatives.allSatisfy { Self.excludes(version, $0, direction) }
    }

    private static func excludes(
        _ version: SemanticVersion, _ comparators: [VersionComparator], _ direction: Direction
    ) -> Bool {
        let bounds = comparators.map { comparator in
            comparator.version.map { (sign: comparator.sign, version: $0) }
                ?? (sign: .greaterOrEqual, version: SemanticVersion(0, 0, 0))
        }
        guard var far = bounds.first, var near = bounds.first else { return true }
        for bound in bounds {
            if direction.isFurther(bound.version, than: far.version) {
                far = bound
            } else if direction.isFurther(near.version, than: bound.version) {
                near = bound
            }
        }
        // The far end is open.
        if direction.isOpen(far.sign) { return false }
        let isBeyondNear = direction.isFurther(version, than: near.version)
        if near.sign == .equal || direction.isOpen(near.sign) && !near.sign.isInclusive {
            return isBeyondNear
        }
        return !(direction.isOpen(near.sign) && !isBeyondNear && version != near.version)
    }
}
