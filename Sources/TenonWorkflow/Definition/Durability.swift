/// How much of an execution survives what.
package enum Durability: String, Sendable, CaseIterable {
    /// Synced to the disk before the next effect and before the answer.
    case strict
    /// Written before the next effect, synced later: survives the death of the process.
    case relaxed
    /// In memory until the final row, or until a step is in doubt.
    case ephemeral
}
