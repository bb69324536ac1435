/// What one stage's transformations have done so far.
package struct StageCounts: Sendable, Equatable {
    package let name: String
    package var read: Int64 = 0
    package var written: Int64 = 0
    /// Left out by filters and limits.
    package var filtered: Int64 = 0
    /// Left out because of an error.
    package var failed: Int64 = 0
    package var bytes: Int64 = 0
    package var batches: Int64 = 0
    package var nanoseconds: UInt64 = 0

    package init(name: String) { self.name = name }

    /// With what the stage counted before.
    package func adding(_ earlier: Self?) -> Self {
        guard let earlier else { return self }
        var sum = self
        sum.read += earlier.read
        sum.written += earlier.written
        sum.filtered += earlier.filtered
        sum.failed += earlier.failed
        sum.bytes += earlier.bytes
        sum.batches += earlier.batches
        sum.nanoseconds += earlier.nanoseconds
        return sum
    }
}
