package import TenonJSON

/// What a client reads from an execution.
package struct ExecutionBody: Equatable, Sendable {
    package static let finalStatuses: Set<String> = ["completed", "failed", "cancelled", "timed-out"]

    package let json: JSON
    package let id: String
    package let status: String

    /// Nil where `json` is no execution.
    package init?(_ json: JSON) {
        guard let id = json["id"]?.string, let status = json["status"]?.string else { return nil }
        self.json = json
        self.id = id
        self.status = status
    }

    package var isFinished: Bool { Self.finalStatuses.contains(status) }
    package var isSuccess: Bool { status == "completed" }
    package var recordsProcessed: Int64? { json["recordsProcessed"]?.int }
    package var errorMessage: String? { json["error"]?["message"]?.string }
    package var steps: [JSON] { json["steps"]?.array ?? [] }
    package var stages: [StageBody] { (json["stages"]?.array ?? []).map(StageBody.init) }
    /// How often a pipeline was begun.
    package var attempts: Int64? { json["attempts"]?.int }
    /// `exactlyOnce` or `atLeastOnce`.
    package var guarantee: String? { json["guarantee"]?.string }
    /// The stage that took the most time.
    package var bottleneck: String? { json["bottleneck"]?.string }
    package var durationMilliseconds: Int64? { json["durationMs"]?.int }
    package var recordsPerSecond: Int64? { json["recordsPerSecond"]?.int }
}
