/// A record that was refused while the others went on.
package struct RejectedRecord: Equatable, Sendable {
    /// Its position, from 0: in the stream for a reader, in the batch for a writer.
    package var row: Int64
    package var status: CallStatus
    package var reason: String
    /// The record as JSON, or the line as it came; may be empty.
    package var record: String

    package init(row: Int64, status: CallStatus = .badData, reason: String, record: String = "") {
        self.row = row
        self.status = status
        self.reason = reason
        self.record = record
    }
}
