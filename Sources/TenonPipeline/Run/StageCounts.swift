/// What one stage has done so far.
package struct StageCounts: Sendable, Equatable {
    package let name: String
    package let type: String
    package var read: Int64 = 0
    package var written: Int64 = 0
    /// Left out by filters and limits.
    package var filtered: Int64 = 0
    /// Left out because of an error.
    package var failed: Int64 = 0
    package var bytes: Int64 = 0
    package var batches: Int64 = 0
    package var nanoseconds: UInt64 = 0
}
