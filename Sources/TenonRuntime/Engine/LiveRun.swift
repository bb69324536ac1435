internal import TenonModel

/// An execution that this host is working on.
protocol LiveRun: AnyObject, Sendable {
    var id: ExecutionID { get }
    var finish: FinishSignal { get }
    /// False while it only waits for a time or a person.
    var isBusy: Bool { get }
    func cancel()
    /// The host ends and its successor takes the execution over: what it is in the middle of stops, and no
    /// end is recorded any more.
    func leave()
}

extension LiveRun {
    func leave() {}
}
