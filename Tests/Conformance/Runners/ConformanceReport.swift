internal import Foundation

/// What running the suites over a folder gave.
package struct ConformanceReport: Sendable {
    package var outcomes: [SuiteOutcome] = []
    /// Files that are there and cannot be read as cases.
    package var problems: [String] = []

    /// Runs the suites in `path`: the folder that holds their folders, or one suite's own.
    package static func make(of path: String, common: String? = nil) -> ConformanceReport {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let only = ConformanceSuites.all.first { $0.folder == url.lastPathComponent }
        let root = only == nil ? url.path : url.deletingLastPathComponent().path
        let data = ConformanceData(path: root, common: common)
        var report = ConformanceReport()
        for suite in only.map({ [$0] }) ?? ConformanceSuites.all {
            do {
                report.outcomes += try suite.run(data).filter { $0.judged > 0 || !$0.notJudged.isEmpty }
            } catch {
                report.problems.append("\(suite.folder): \(error)")
            }
        }
        if report.outcomes.isEmpty {
            report.problems.append("\(path) holds no cases of a known suite")
        } else if report.outcomes.allSatisfy({ $0.judged == 0 }) {
            report.problems.append("\(path) holds no case that can be judged")
        }
        return report
    }

    /// Whether every file could be read and every goal was reached.
    package var isGood: Bool { problems.isEmpty && outcomes.allSatisfy(\.reachesGoal) }

    /// Misses first, one line each; then the counts.
    package var text: String {
        var lines: [String] = []
        for outcome in outcomes {
            lines += outcome.misses.map { "miss \(outcome.name): \($0.id): \($0.problem)" }
        }
        if !lines.isEmpty { lines.append("") }
        lines += outcomes.map(\.line)
        lines += problems.map { "problem: \($0)" }
        return lines.joined(separator: "\n")
    }
}

extension SuiteOutcome {
    /// A goal is never reached by judging nothing; that some cases are outside of what is claimed is no miss.
    package var reachesGoal: Bool {
        guard let goal else { return true }
        guard judged + oddCount > 0 else { return false }
        return Double(passed) >= goal * Double(judged + oddCount)
    }

    /// "cel/core              657 of 657 passed, 100.00 % (goal 97 %)".
    package var line: String {
        let share = judged == 0 ? 0 : Double(passed) * 100 / Double(judged)
        var text = name.padding(toLength: max(28, name.count), withPad: " ", startingAt: 0)
        text += String(format: "%6d of %6d passed, %6.2f %%", passed, judged, share)
        if let goal {
            text += String(format: " (goal %g %%%@)", goal * 100, reachesGoal ? "" : ", NOT REACHED")
        }
        let left = notJudged.sorted { $0.key < $1.key }.map { "\($0.value) not judged: \($0.key)" }
        return ([text] + left).joined(separator: "; ")
    }
}
