internal import TenonVersion
internal import TenonJSON
internal import TenonModel
internal import TenonSchema

/// Chooses the package for a connector definition that names none, by the keys of its configuration.
enum ConnectorBinding {
    enum Choice {
        case package(PackageRecord)
        /// None or several fit.
        case candidates([String])
    }

    /// A package fits where its schema describes every key. Where none does, one fits that describes some of
    /// the keys and
    /// takes the others (`http` takes further keys as variables of its templates).
    static func choose(for configuration: JSON, among packages: [PackageRecord]) -> Choice {
        let keys = configuration.object?.keys ?? []
        let newest = newestVersions(of: packages)
        let knowing = newest.filter { package in
            let known = Set(package.manifest.configuration.propertyNames)
            return keys.allSatisfy(known.contains)
        }
        if !knowing.isEmpty { return choice(knowing) }
        return choice(newest.filter { takes(keys, of: configuration, $0) })
    }

    private static func choice(_ fitting: [PackageRecord]) -> Choice {
        if fitting.count == 1, let only = fitting.first { return .package(only) }
        return .candidates(fitting.map(\.name))
    }

    private static func newestVersions(of packages: [PackageRecord]) -> [PackageRecord] {
        let byName = Dictionary(grouping: packages, by: \.name)
        return byName.keys.sorted { $0.utf8Precedes($1) }.compactMap { name in
            let versions = byName[name] ?? []
            let best = VersionRange.latest.best(of: versions.map(\.version))
            return versions.first { $0.version == best }
        }
    }

    private static func takes(_ keys: [String], of configuration: JSON, _ package: PackageRecord) -> Bool {
        let known = Set(package.manifest.configuration.propertyNames)
        guard keys.contains(where: known.contains) else { return false }
        let refused = Set(package.manifest.configuration.problems(in: configuration).map(\.pointer))
        return keys.allSatisfy { !refused.contains(JSONPointer([$0]).description) }
    }
}
