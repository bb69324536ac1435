package import TenonJSON
internal import Foundation

/// A third-party suite: reads its cases from a folder and asks Tenon about each.
package protocol ConformanceSuite: Sendable {
    /// The folder's name under the data folder, such as "cel".
    static var folder: String { get }
    /// Judges every case. Throws where a file that is there cannot be read; a file that is not there has no
    /// cases.
    static func run(_ data: ConformanceData) throws -> [SuiteOutcome]
}

/// How one group of cases went.
package struct SuiteOutcome: Sendable {
    /// "cel/core", "json-schema/format".
    package var name: String
    package var passed = 0
    package var misses: [Miss] = []
    /// Cases that are not judged, by the reason.
    package var notJudged: [String: Int] = [:]
    /// The share that must pass, 0 to 1; nil where the outcome is only reported.
    package var goal: Double?

    package init(_ name: String, goal: Double?) {
        self.name = name
        self.goal = goal
    }

    package var judged: Int { passed + misses.count }

    /// The reason for which cases do not count: they ask for what Tenon does not claim to do.
    package static let dialect = "dialect"

    /// Cases that could not be understood. They count as not passed.
    package var oddCount: Int {
        notJudged.filter { $0.key != Self.dialect }.values.reduce(0, +)
    }

    /// Counts one case: `problem` is nil where it passed.
    package mutating func judge(_ id: String, _ problem: String?) {
        if let problem { misses.append(Miss(id: id, problem: problem)) } else { passed += 1 }
    }
}

/// A case that went wrong.
package struct Miss: Sendable {
    /// Unique in its suite, the same in every run: file, section and name of the case.
    package var id: String
    /// What was expected and what came.
    package var problem: String
}

/// A folder with the data of several suites, each in a folder of its own.
package struct ConformanceData: Sendable {
    package let path: String
    /// Where documents stand that cases of several folders name (`json-schema/remotes`), if not in `path`. Cases
    /// are never read from there.
    package let common: String?

    private static let commonFolder = "json-schema/remotes"

    package init(path: String, common: String? = nil) {
        self.path = path
        self.common = common
    }

    /// The folders in which a file may stand.
    private func roots(_ name: String) -> [String] {
        let isCommon = name == Self.commonFolder || name.hasPrefix(Self.commonFolder + "/")
        return [path] + (isCommon ? common.map { [$0] } ?? [] : [])
    }

    /// The parsed file, or nil where it is not there. Numbers and duplicate keys are as the parser has them.
    package func json(_ name: String) throws -> JSON? {
        guard let bytes = bytes(name) else { return nil }
        return try JSONParser.parse(bytes, maxDepth: 200, duplicateKeys: .lastWins)
    }

    package func bytes(_ name: String) -> [UInt8]? {
        for folder in roots(name) {
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { return [UInt8](data) }
        }
        return nil
    }

    /// The paths of all files below a folder, relative to it, sorted.
    package func files(below folder: String) -> [String] {
        for root in roots(folder) {
            // Nothing there is an empty list.
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            if !names.isEmpty { return names.sorted() }
        }
        return []
    }
}
