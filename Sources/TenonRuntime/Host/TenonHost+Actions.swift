internal import TenonConnectors
internal import Synchronization
package import TenonJSON
package import TenonModel
internal import TenonStore

extension TenonHost {
    /// Calls an action of a deployed instance and waits for its answer; nothing is recorded. Blocks. Throws
    /// `action.failed`, `action.input-invalid` and `action.output-invalid`.
    package func invokeAction(
        _ project: ProjectID, _ integration: IntegrationID, action: String, input: JSON
    ) throws(TenonError) -> JSON {
        let target = try directory.target(project, integration, action: action, input: input)
        try target.action?.check(input: input)
        let deadline = monotonicNanoseconds() &+ UInt64(Limits.callTimeout.wholeNanoseconds)
        let request = ActionRequest(
            action: action, input: JSONWriter.bytes(input), deadlineNanoseconds: deadline)
        let answer = Answer()
        target.connection.invoke(request) { answer.set($0) }
        switch answer.wait().flatMap(StepOutput.read) {
        case .success(let output):
            try target.action?.check(output: output)
            return output
        case .failure(let failure):
            throw TenonError(
                .actionFailed, "The action \"\(action)\" of \(integration) failed: \(failure.message)",
                context: ["status": failure.status.name, "class": failure.errorClass.name])
        }
    }
}

/// Holds an answer until the thread that asked has taken it.
private final class Answer: @unchecked Sendable {
    // Invariant: only touched while `condition` is locked.
    private var result: Result<[UInt8], CallFailure>?
    private let condition = Condition()

    func set(_ result: Result<[UInt8], CallFailure>) {
        condition.withLock {
            self.result = result
            condition.signal()
        }
    }

    func wait() -> Result<[UInt8], CallFailure> {
        condition.withLock {
            while true {
                if let result { return result }
                condition.wait()
            }
        }
    }
}
