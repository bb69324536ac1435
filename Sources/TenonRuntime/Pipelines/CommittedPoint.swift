/// How far a pipeline has come for good: where its reader begins anew when it has to.
struct CommittedPoint {
    /// 0: nothing is committed.
    var sequence: UInt64 = 0
    /// The source's position, empty for its beginning.
    var position: [UInt8] = []
    var counts = PipelineTally.Counts()
}
