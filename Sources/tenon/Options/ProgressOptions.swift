internal import ArgumentParser
internal import Glibc

/// How a command that waits shows what goes on.
struct ProgressOptions: ParsableArguments {
    enum Style: String, ExpressibleByArgument, CaseIterable {
        case auto
        case line
        case lines
        case none
    }

    @Option(
        help: """
            How progress is shown: line (rewritten in place), lines (one a second), none, or auto: line on a \
            terminal, else a line every 5 seconds.
            """)
    var progress = Style.auto
    @Flag(name: .shortAndLong, help: "Print nothing but errors, and what --json asks for.")
    var quiet = false

    /// What is shown beside the end of the execution.
    func style(isJSON: Bool) -> ProgressStyle {
        if isJSON || quiet { return .silent }
        switch progress {
        case .auto: return Output.isTerminal ? .line : .lines(first: .seconds(5), then: .seconds(5))
        case .line: return .line
        case .lines: return .lines(first: .zero, then: .seconds(1))
        case .none: return .changes
        }
    }
}

/// What is printed while an execution runs.
enum ProgressStyle: Equatable {
    case silent
    /// Only how its steps change.
    case changes
    /// One line that is rewritten.
    case line
    /// Lines with the progress, at most so often.
    case lines(first: Duration, then: Duration)
}
