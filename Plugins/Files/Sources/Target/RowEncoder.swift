internal import TenonConnectorKit

/// Turns rows of batches into the text of a file.
protocol RowEncoder: AnyObject {
    /// What a new file begins with.
    var header: [UInt8] { get }

    /// Says what the columns of the next rows are.
    func begin(_ batch: BatchView)

    /// Room that these rows need at most.
    func room(_ rows: Range<Int>) -> Int

    /// Appends these rows to `buffer`, which has room for them, all but those that go to `refused`.
    func append(_ rows: Range<Int>, to buffer: OutputBuffer, refused: inout [RefusedRow])
}

/// A row that cannot be written as the file wants it.
struct RefusedRow: Equatable {
    var row: Int
    var reason: String
}
