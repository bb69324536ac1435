/// How many bytes of texts one evaluation over columns may make. A text that stands for all rows takes its length
/// times their count, so that a short expression could fill the memory.
package struct TextBudget {
    private var bytesLeft: Int

    package init(bytes: Int) { bytesLeft = bytes }

    /// False where too few are left.
    package mutating func take(_ byteCount: Int) -> Bool {
        guard byteCount <= bytesLeft else { return false }
        bytesLeft -= byteCount
        return true
    }
}
