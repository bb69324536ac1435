/// A version by semver.org 2.0.0. Build data is kept and does not count in comparisons.
package struct SemanticVersion: Hashable, Comparable, Sendable {
    /// A part of the pre-release.
    package enum Identifier: Hashable, Sendable {
        case number(UInt64)
        /// Digits only where they are more than `maxNumber`.
        case text(String)
    }

    /// As in npm, where a number is a double.
    package static let maxNumber: UInt64 = 1 << 53 - 1

    package let major: UInt64
    package let minor: UInt64
    package let patch: UInt64
    package let prerelease: [Identifier]
    package let build: [String]

    package init(
        _ major: UInt64, _ minor: UInt64, _ patch: UInt64, prerelease: [Identifier] = [],
        build: [String] = []
    ) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
        self.prerelease = prerelease
        self.build = build
    }

    /// Reads `text` as `syntax` has it; nil where it is not a version.
    package init?(_ text: String, syntax: VersionSyntax = .semver) {
        var reader = VersionReader(text, syntax: syntax)
        guard let version = reader.version() else { return nil }
        self = version
    }

    var core: [UInt64] { [major, minor, patch] }

    /// Without build data, which is what versions are told apart by.
    package var withoutBuild: String {
        let core = "\(major).\(minor).\(patch)"
        return prerelease.isEmpty ? core : "\(core)-\(prerelease.map(\.description).joined(separator: "."))"
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
        return left.prerelease.lexicographicallyPrecedes(right.prerelease)
    }
}

extension SemanticVersion: CustomStringConvertible {
    package var description: String {
        build.isEmpty ? withoutBuild : "\(withoutBuild)+\(build.joined(separator: "."))"
    }
}

extension SemanticVersion.Identifier: Comparable, CustomStringConvertible {
    /// A part as it is written, with letters, digits and hyphens only.
    init(_ word: Substring) {
        guard Self.isNumeric(word) else {
            self = .text(String(word))
            return
        }
        let digits = word.drop { $0 == "0" }
        if digits.isEmpty {
            self = .number(0)
        } else if let number = UInt64(digits), number < SemanticVersion.maxNumber {
            self = .number(number)
        } else {
            self = .text(String(digits))
        }
    }

    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    private static func isNumeric(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): return left < right
        case (.number, .text): return true
        case (.text, .number): return false
        case (.text(let left), .text(let right)):
            let areNumeric = (isNumeric(left), isNumeric(right))
            if areNumeric.0 != areNumeric.1 { return areNumeric.0 }
            if areNumeric.0, left.utf8.count != right.utf8.count { return left.utf8.count < right.utf8.count }
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
    }
}
