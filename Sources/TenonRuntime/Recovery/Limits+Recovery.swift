internal import TenonModel

extension Limits {
    /// How often an execution begins that records nothing on its way, while the host ends before it does.
    static let ephemeralBeginnings = 5
}
