// Raising versions belongs to npm's semver, whose suite asks for all of it; the host itself raises none.

/// What npm's `version` raises.
package enum VersionRelease: String, Sendable, CaseIterable {
    case major
    case premajor
    case minor
    case preminor
    case patch
    case prepatch
    case prerelease
    /// Raises or adds the number of a pre-release and leaves the rest.
    case pre
    /// Makes a pre-release the version itself.
    case release

    fileprivate var isPrerelease: Bool { rawValue.hasPrefix("pre") }
}

/// The pre-release that a raised version gets.
package struct PrereleaseName: Sendable {
    /// Which number a new pre-release begins with.
    package enum Base: UInt64, Sendable {
        case zero
        case one
        /// No number.
        case none
    }

    /// Such as `beta`; empty for a number only.
    package var identifier: String
    package var base: Base

    package init(_ identifier: String = "", base: Base = .zero) {
        self.identifier = identifier
        self.base = base
    }

    fileprivate var words: [SemanticVersion.Identifier] {
        identifier.split(separator: ".").map { SemanticVersion.Identifier($0) }
    }
    fileprivate var number: UInt64 { base == .one ? 1 : 0 }
}

extension SemanticVersion {
    /// The next version of a kind, as npm has it; nil where there is none.
    package func incremented(
        _ release: VersionRelease, _ name: PrereleaseName = PrereleaseName(), syntax: VersionSyntax = .npm
    ) -> SemanticVersion? {
        if release.isPrerelease {
            if name.identifier.isEmpty, name.base == .none { return nil }
            guard name.identifier.isEmpty || VersionReader.isPrerelease(name.identifier, syntax: syntax)
            else {
                return nil
            }
        }
        switch release {
        case .premajor: return Self.next(major).flatMap { Self($0, 0, 0).withPrerelease(name) }
        case .preminor: return Self.next(minor).flatMap { Self(major, $0, 0).withPrerelease(name) }
        case .prepatch: return Self.next(patch).flatMap { Self(major, minor, $0).withPrerelease(name) }
        case .prerelease where prerelease.isEmpty: return incremented(.prepatch, name, syntax: syntax)
        case .prerelease, .pre: return withPrerelease(name)
        case .release: return prerelease.isEmpty ? nil : Self(major, minor, patch)
        case .major:
            if minor == 0, patch == 0, !prerelease.isEmpty { return Self(major, 0, 0) }
            return Self.next(major).map { Self($0, 0, 0) }
        case .minor:
            if patch == 0, !prerelease.isEmpty { return Self(major, minor, 0) }
            return Self.next(minor).map { Self(major, $0, 0) }
        case .patch:
            if !prerelease.isEmpty { return Self(major, minor, patch) }
            return Self.next(patch).map { Self(major, minor, $0) }
        }
    }

    private static func next(_ number: UInt64) -> UInt64? { number < maxNumber ? number + 1 : nil }

    /// This with its pre-release raised, or a new one.
    private func withPrerelease(_ name: PrereleaseName) -> SemanticVersion? {
        var parts = prerelease
        if parts.isEmpty {
            parts = [.number(name.number)]
        } else if let (index, number) = lastNumber {
            guard let next = Self.next(number) else { return nil }
            parts[index] = .number(next)
        } else {
            let text = parts.map(\.description).joined(separator: ".")
            if text == name.identifier, name.base == .none { return nil }
            parts.append(.number(name.number))
        }
        let words = name.words
        if !words.isEmpty {
            let goesOn = parts.starts(with: words) && parts.count > words.count && parts[words.count].isNumber
            if !goesOn { parts = name.base == .none ? words : words + [.number(name.number)] }
        }
        return SemanticVersion(major, minor, patch, prerelease: parts)
    }

    private var lastNumber: (index: Int, number: UInt64)? {
        for (index, part) in prerelease.enumerated().reversed() {
            if case .number(let number) = part { return (index, number) }
        }
        return nil
    }

    /// The version without what is smaller than `release`; nil for a release that is not one of a version.
    package func truncated(to release: VersionRelease) -> SemanticVersion? {
        switch release {
        case .major: SemanticVersion(major, 0, 0)
        case .minor: SemanticVersion(major, minor, 0)
        case .patch: SemanticVersion(major, minor, patch)
        case .premajor, .preminor, .prepatch, .prerelease:
            SemanticVersion(major, minor, patch, prerelease: prerelease)
        case .release, .pre: nil
        }
    }
}

extension SemanticVersion.Identifier {
    /// Digits, also too large ones.
    fileprivate var isNumber: Bool { description.utf8.allSatisfy(VersionText.isDigit) }
}
