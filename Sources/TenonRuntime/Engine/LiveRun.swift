internal import TenonModel

/// An execution that this host is working on.
protocol LiveRun: AnyObject, Sendable {
    var id: ExecutionID { get }
    var finish: FinishSignal { get }
    /// False while it only waits for a time or a person.
    var isBusy: Bool { get }
    func cancel()
}
