package import TenonJSON

/// How far a running execution is.
package struct ProgressBody: Equatable, Sendable {
    package let json: JSON
    package let status: String

    /// Nil where `json` is no progress.
    package init?(_ json: JSON) {
        guard let status = json["status"]?.string else { return nil }
        self.json = json
        self.status = status
    }

    package var recordsProcessed: Int64? { json["recordsProcessed"]?.int }
    /// On average since the beginning.
    package var recordsPerSecond: Int64? { json["recordsPerSecond"]?.int }
    package var stages: [StageBody] { (json["stages"]?.array ?? []).map(StageBody.init) }
    package var steps: [JSON] { json["steps"]?.array ?? [] }
    package var attempt: Int64? { json["attempt"]?.int }
    package var secondsLeft: Double? { json["etaSeconds"]?.double }

    /// From 0 to 1, where the size is known.
    package var fraction: Double? {
        guard let done = json["done"]?["bytes"]?.double, let total = json["done"]?["total"]?.double, total > 0
        else { return nil }
        return min(1, max(0, done / total))
    }
}

/// A stage with its counts.
package struct StageBody: Equatable, Sendable {
    package let json: JSON

    package init(_ json: JSON) { self.json = json }

    package var name: String { json["name"]?.string ?? "" }
    package var type: String { json["type"]?.string ?? "" }
    package var read: Int64 { json["read"]?.int ?? 0 }
    package var written: Int64 { json["written"]?.int ?? 0 }
    package var failed: Int64 { json["failed"]?.int ?? 0 }
    package var recordsPerSecond: Int64? { json["recordsPerSecond"]?.int }
    package var isPushedDown: Bool { json["pushedDown"]?.bool ?? false }
}
