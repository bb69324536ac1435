internal import TenonBatches
internal import TenonModel

/// Looks at columns that come from outside, before anything relies on them. All loops run over private or
/// borrowed memory that no longer changes.
enum ColumnCheck {
    /// Throws where offsets run backwards or leave `0...dataCount`.
    static func offsets(_ offsets: UnsafePointer<Int32>, count: Int, dataCount: Int, column: String)
        throws(TenonError)
    {
        // One pass without branches: a negative offset or a step back sets the sign bit. Differences of
        // numbers that are not negative cannot wrap, and any negative number is seen by itself.
        var signs = offsets[0]
        for row in 0..<count {
            signs |= offsets[row + 1] | (offsets[row + 1] &- offsets[row])
        }
        guard signs >= 0 else { throw broken(column, "has offsets that are negative or run backwards") }
        guard Int(offsets[count]) <= dataCount else { throw broken(column, "has offsets beyond its data") }
    }

    /// Throws where a value is not valid UTF-8. Offsets are known to be right.
    static func text(
        _ offsets: UnsafePointer<Int32>, count: Int, data: UnsafeRawPointer, column: String
    ) throws(TenonError) {
        let start = Int(offsets[0])
        let bytes = UnsafeRawBufferPointer(start: data + start, count: Int(offsets[count]) - start)
        if UTF8Check.isASCII(bytes) { return }
        guard UTF8Check.isValid(bytes) else { throw broken(column, "contains text that is not valid UTF-8") }
        // All bytes together are valid, so each value is if none begins inside a character.
        for row in 0..<count where offsets[row] < offsets[count] {
            if data.load(fromByteOffset: Int(offsets[row]), as: UInt8.self) & 0xC0 == 0x80 {
                throw broken(column, "contains text that is not valid UTF-8")
            }
        }
    }

    static func broken(_ column: String, _ problem: String) -> TenonError {
        TenonError(.batchInvalid, "The column \"\(column)\" \(problem).", context: ["column": column])
    }
}
