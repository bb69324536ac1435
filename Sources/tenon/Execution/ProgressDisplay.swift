internal import TenonAPI
internal import TenonJSON

/// Prints how an execution goes on: each change of a step, and how far it is.
struct ProgressDisplay {
    private let style: ProgressStyle
    private let clock = ContinuousClock()
    private var known: [String: String] = [:]
    private var nextLine: ContinuousClock.Instant?
    private var last: (records: Int64, time: ContinuousClock.Instant)?
    private var rate: Int64?
    private var isLineOpen = false

    init(_ style: ProgressStyle) {
        self.style = style
        if case .lines(let first, _) = style { nextLine = clock.now + first }
    }

    mutating func show(_ progress: ProgressBody) {
        guard style != .silent else { return }
        showChanges(progress.steps)
        measure(progress)
        switch style {
        case .silent, .changes: break
        case .line:
            isLineOpen = true
            Output.rewrite(TerminalColumns.cut(text(progress), to: Output.width - 1))
        case .lines(_, let pause):
            guard let time = nextLine, clock.now >= time else { return }
            nextLine = clock.now + pause
            Output.line("  " + text(progress))
        }
    }

    /// Takes the line that is rewritten away, so that others can be printed.
    mutating func clear() {
        guard isLineOpen else { return }
        isLineOpen = false
        Output.rewrite("")
    }

    /// Each step's new state, once.
    private mutating func showChanges(_ steps: [JSON]) {
        for step in steps {
            let name = step["name"]?.string ?? ""
            guard let status = step["status"]?.string, status != "pending", known[name] != status else {
                continue
            }
            known[name] = status
            let message = step["error"]?["message"]?.string.map { "  \($0)" } ?? ""
            clear()
            Output.line("  \(Output.coloured(status: status))  \(name)\(message)")
        }
    }

    private mutating func measure(_ progress: ProgressBody) {
        guard let records = progress.recordsProcessed else { return }
        let now = clock.now
        if let last {
            let seconds = (now - last.time).seconds
            guard seconds >= 0.2 else { return }
            rate = Int64(exactly: (Double(max(0, records - last.records)) / seconds).rounded())
        }
        last = (records, now)
    }

    private func text(_ progress: ProgressBody) -> String {
        ProgressText(progress: progress, rate: rate ?? progress.recordsPerSecond).text
    }
}
