internal import TenonJSON
package import TenonModel

/// Where an execution stands.
package enum ExecutionStatus: String, Sendable, CaseIterable {
    case pending
    case running
    /// Nothing is in flight and a step in doubt has to be decided.
    case waiting
    case paused
    case completed
    case failed
    case cancelled
    case timedOut = "timed-out"

    package var isTerminal: Bool {
        switch self {
        case .completed, .failed, .cancelled, .timedOut: true
        case .pending, .running, .waiting, .paused: false
        }
    }
}

/// The part of an execution that belongs to no single step.
package struct ExecutionState: Sendable, Equatable {
    /// Why nothing new starts any more.
    package enum Ending: String, Sendable {
        case cancelled
        case timedOut = "timed-out"
    }

    package var status: ExecutionStatus = .pending
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var ending: Ending?
    /// The first step that failed and made the execution fail.
    package var failedStep: Int?
    /// At most `Limits.warningsPerExecution`.
    package var warnings: [String] = []
    /// How often it has begun from its first step.
    package var beginnings = 1

    package init() {}
}

extension ExecutionState {
    /// What the execution's row keeps, as JSON text.
    package var text: String {
        var object: JSONObject = ["status": .string(status.rawValue)]
        object["startedAt"] = startedAt.map { .int($0.microseconds) }
        object["finishedAt"] = finishedAt.map { .int($0.microseconds) }
        object["ending"] = ending.map { .string($0.rawValue) }
        object["failedStep"] = failedStep.map { .int(Int64($0)) }
        if beginnings > 1 { object["beginnings"] = .int(Int64(beginnings)) }
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map { .string($0) }) }
        return JSON.object(object).text
    }

    package init(text: String) throws(TenonError) {
        self.init()
        // Anything that is not this text's own kind of object is refused below.
        guard let json = try? JSONParser.parse(text),
            let status = json["status"]?.string.flatMap({ ExecutionStatus(rawValue: $0) })
        else { throw TenonError(.workflowRowsInvalid, "an execution's state cannot be read: \(text)") }
        self.status = status
        startedAt = json["startedAt"]?.int.map { Timestamp(microseconds: $0) }
        finishedAt = json["finishedAt"]?.int.map { Timestamp(microseconds: $0) }
        ending = json["ending"]?.string.flatMap { Ending(rawValue: $0) }
        failedStep = json["failedStep"]?.int.map { Int($0) }
        warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
        beginnings = json["beginnings"]?.int.flatMap { Int(exactly: $0) } ?? 1
    }
}
