internal import TenonJSON
internal import TenonVersion

/// Versions and ranges against the cases of npm's semver.
package enum SemverSuite: ConformanceSuite {
    package static let folder = "semver"

    package static func run(_ data: ConformanceData) throws -> [SuiteOutcome] {
        guard let cases = try data.json("\(folder)/cases.json")?.array else { return [] }
        var outcome = SuiteOutcome("semver", goal: 1)
        for (number, entry) in cases.enumerated() {
            let test = Case(entry)
            guard let answer = test.answer() else {
                outcome.notJudged["unknown operation \(test.operation)", default: 0] += 1
                continue
            }
            let expected = entry["expect"] ?? .null
            let id = "\(entry["file"]?.string ?? "")/\(test.operation)/\(number)"
            let problem = "\(entry.text): expected \(expected.text), got \(answer.text)"
            outcome.judge(id, answer == expected ? nil : problem)
        }
        return [outcome]
    }

    private struct Case {
        let entry: JSON
        let operation: String
        let options: VersionRangeOptions
        var syntax: VersionSyntax { options.isLoose ? .loose : .npm }

        init(_ entry: JSON) {
            self.entry = entry
            operation = entry["op"]?.string ?? ""
            options = VersionRangeOptions(
                isLoose: entry["options"]?["loose"]?.bool ?? false,
                includesPrereleases: entry["options"]?["includePrerelease"]?.bool ?? false)
        }

        func version(_ key: String) -> SemanticVersion? {
            entry[key]?.string.flatMap { SemanticVersion($0, syntax: syntax) }
        }

        func range(_ key: String) -> VersionRange? {
            entry[key]?.string.flatMap { VersionRange($0, options: options) }
        }

        /// What Tenon says; nil for an operation that is not known.
        func answer() -> JSON? {
            switch operation {
            case "satisfies": .bool(contains)
            case "compare": compared
            case "inc": incremented
            case "valid": .bool(version("version") != nil)
            case "parse": version("version").map(Self.parts) ?? .null
            case "validRange":
                range("range").map { .string($0.canonical.isEmpty ? "*" : $0.canonical) } ?? .null
            case "gtr": outside { $0.isBelow($1) }
            case "ltr": outside { $0.isAbove($1) }
            case "intersects": intersects
            case "truncate": truncated
            default: nil
            }
        }

        private var contains: Bool {
            guard let range = range("range"), let version = version("version") else { return false }
            return range.contains(version)
        }

        /// 1 or 0 where the reverse order has -1 or 0.
        private var compared: JSON {
            guard let left = version("a"), let right = version("b") else { return .null }
            if left == right { return 0 }
            return left > right && !(right > left) ? 1 : -1
        }

        private var incremented: JSON {
            let base: PrereleaseName.Base =
                switch entry["identifierBase"] {
                case .bool(false): .none
                case .string("1"), .int(1), .bool(true): .one
                default: .zero
                }
            let name = PrereleaseName(entry["identifier"]?.string ?? "", base: base)
            guard let release = VersionRelease(rawValue: entry["release"]?.string ?? ""),
                let next = version("version")?.incremented(release, name, syntax: syntax)
            else { return .null }
            return .string(next.withoutBuild)
        }

        private var truncated: JSON {
            guard let release = VersionRelease(rawValue: entry["release"]?.string ?? ""),
                let version = version("version")?.truncated(to: release)
            else { return .null }
            return .string(version.withoutBuild)
        }

        private func outside(_ isOutside: (VersionRange, SemanticVersion) -> Bool) -> JSON {
            guard let range = range("range"), let version = version("version") else { return .null }
            return .bool(isOutside(range, version))
        }

        private var intersects: JSON {
            guard let left = range("a"), let right = range("b") else { return .null }
            let answer = left.intersects(right)
            return answer == right.intersects(left) ? .bool(answer) : "differs in the reverse order"
        }

        private static func parts(_ version: SemanticVersion) -> JSON {
            [
                "major": .int(Int64(version.major)), "minor": .int(Int64(version.minor)),
                "patch": .int(Int64(version.patch)),
                "prerelease": .array(
                    version.prerelease.map { part in
                        switch part {
                        case .number(let number): .int(Int64(clamping: number))
                        case .text(let text): .string(text)
                        }
                    }),
                "build": .array(version.build.map { .string($0) }),
            ]
        }
    }
}
