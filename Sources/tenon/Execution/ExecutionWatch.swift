internal import ArgumentParser
internal import TenonAPI
internal import TenonClient
internal import TenonJSON
internal import TenonModel
internal import UnixSignals

/// Follows an execution to its end and prints how it goes on. Ctrl-C ends the watch, not the execution.
struct ExecutionWatch {
    /// How often a host that does not answer is asked again before the watch gives up.
    private static let maxFailures = 5
    private static let pause: Duration = .milliseconds(500)

    private let client: TenonClient
    private let style: ProgressStyle
    private let isQuiet: Bool
    private let isJSON: Bool

    init(_ client: TenonClient, _ progress: ProgressOptions, isJSON: Bool) {
        self.client = client
        self.isJSON = isJSON
        isQuiet = progress.quiet
        style = progress.style(isJSON: isJSON)
    }

    func follow(_ first: ExecutionBody) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint)
        let last = try await withThrowingTaskGroup(of: ExecutionBody?.self) { group in
            group.addTask { try await end(of: first) }
            group.addTask {
                for await _ in signals { return nil }
                // The sequence ends by cancellation only, when the other task was first.
                throw CancellationError()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let last else {
            tellHowToGoOn(first.id)
            throw ExitCode(CommandExit.interrupted.rawValue)
        }
        if isJSON { Output.json(["execution": last.json]) } else if !isQuiet { printEnd(last) }
        guard last.isSuccess else {
            throw CommandFailure(
                .failed, "The execution \(last.id) is \(last.status)" + Self.reason(last),
                advice: "tenon execution show \(last.id)")
        }
    }

    /// The execution when it is finished, or waits for somebody to decide about a step in doubt.
    private func end(of first: ExecutionBody) async throws -> ExecutionBody {
        var execution = first
        var display = ProgressDisplay(style)
        defer { display.clear() }
        var failures = 0
        while true {
            ProgressBody(execution.json).map { display.show($0) }
            if execution.isFinished || Self.isInDoubt(execution.status, execution.steps) { return execution }
            do {
                if let end = try await followEvents(of: first.id, &display, &failures) { return end }
                execution = try await client.execution(first.id)
            } catch let error as ClientError where error.isPassing && failures < Self.maxFailures {
                failures += 1
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Shows events until the end, which is answered; nil where the stream ends before. A host whose
    /// streams are all taken is asked for the execution itself now and then.
    private func followEvents(
        of id: String, _ display: inout ProgressDisplay, _ failures: inout Int
    ) async throws -> ExecutionBody? {
        guard var events = try await events(of: id) else { return nil }
        while let event = try await events.next() {
            failures = 0
            switch event {
            case .finished(let execution):
                ProgressBody(execution.json).map { display.show($0) }
                return execution
            case .progress(let progress):
                display.show(progress)
                if Self.isInDoubt(progress.status, progress.steps) {
                    return try await client.execution(id)
                }
            }
        }
        return nil
    }

    private func events(of id: String) async throws -> ExecutionEventStream? {
        do {
            return try await client.events(of: id)
        } catch let error where error.isTooManyFollowers {
            return nil
        }
    }

    private static func isInDoubt(_ status: String, _ steps: [JSON]) -> Bool {
        status == "waiting" && steps.contains { $0["status"]?.string == "in-doubt" }
    }

    /// A colon and the message, or what ends the sentence.
    private static func reason(_ execution: ExecutionBody) -> String {
        guard let message = execution.errorMessage, let last = message.last else { return "." }
        return ": " + message + (".!?".contains(last) ? "" : ".")
    }

    private func tellHowToGoOn(_ id: String) {
        if style == .line { Output.rewrite("") }
        Output.errorLine("The execution \(id) goes on.")
        Output.errorLine("next:  tenon execution watch \(id)")
        Output.errorLine("       tenon execution cancel \(id)")
    }

    private func printEnd(_ execution: ExecutionBody) {
        var parts = [execution.id]
        if let records = execution.recordsProcessed { parts.append("\(records.grouped) records") }
        if let rate = execution.recordsPerSecond { parts.append("\(rate.grouped) a second") }
        if let time = execution.durationMilliseconds { parts.append(Duration.milliseconds(time).text) }
        if let attempts = execution.attempts, attempts > 1 { parts.append("\(attempts) attempts") }
        Output.line("\(Output.coloured(status: execution.status))  \(parts.joined(separator: ", "))")
        for stage in execution.stages where stage.failed > 0 {
            Output.line("  \(stage.failed.grouped) records failed in \(stage.name)")
        }
    }
}

extension ClientError {
    /// The host may answer again in a moment, such as after a restart.
    fileprivate var isPassing: Bool { if case .noServer = self { true } else { false } }

    fileprivate var isTooManyFollowers: Bool {
        guard case .problem(let problem) = self else { return false }
        return problem.code.rawValue == "execution.too-many-followers"
    }
}
