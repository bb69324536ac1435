internal import TenonAPI
internal import TenonClient
internal import TenonJSON

/// Follows an execution to its end and prints how its steps or stages go on.
struct ExecutionWatch {
    private static let pauses: [Duration] = [.milliseconds(20), .milliseconds(100), .milliseconds(500)]

    let client: TenonClient
    let isJSON: Bool

    func follow(_ first: ExecutionBody) async throws {
        var execution = first
        var known: [String: String] = [:]
        var polls = 0
        printChanges(execution, &known)
        while !execution.isFinished, execution.status != "waiting" || !Self.isInDoubt(execution) {
            try await Task.sleep(for: Self.pauses[min(polls / 10, Self.pauses.count - 1)])
            polls += 1
            execution = try await client.execution(execution.id)
            printChanges(execution, &known)
        }
        if isJSON { Output.json(["execution": execution.json]) } else { printEnd(execution) }
        guard execution.isSuccess else {
            throw CommandFailure(
                .failed,
                "The execution \(execution.id) is \(execution.status)" + Self.reason(execution),
                advice: "tenon execution show \(execution.id)")
        }
    }

    /// A colon and the message, or what ends the sentence.
    private static func reason(_ execution: ExecutionBody) -> String {
        guard let message = execution.errorMessage, let last = message.last else { return "." }
        return ": " + message + (".!?".contains(last) ? "" : ".")
    }

    static func isInDoubt(_ execution: ExecutionBody) -> Bool {
        execution.steps.contains { $0["status"]?.string == "in-doubt" }
    }

    private func printChanges(_ execution: ExecutionBody, _ known: inout [String: String]) {
        guard !isJSON else { return }
        for part in execution.steps + execution.stages {
            let name = part["name"]?.string ?? ""
            guard let status = part["status"]?.string, status != "pending", known[name] != status else {
                continue
            }
            known[name] = status
            let message = part["error"]?["message"]?.string.map { "  \($0)" } ?? ""
            Output.line("  \(coloured(status))  \(name)\(message)")
        }
    }

    private func printEnd(_ execution: ExecutionBody) {
        let records = execution.recordsProcessed.map { ", \($0) records" } ?? ""
        Output.line("\(coloured(execution.status))  \(execution.id)\(records)")
    }

    private func coloured(_ status: String) -> String {
        switch status {
        case "completed": Output.green(status)
        case "failed", "timed-out", "cancelled", "in-doubt": Output.red(status)
        default: status
        }
    }
}
