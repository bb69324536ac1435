internal import TenonModel
internal import TenonStore

extension LedgerPosition {
    init(_ row: LedgerRow) { self.init(tick: row.tick, number: row.number) }

    /// Where a page has ended, for who asks for the next. Throws `cursor.invalid`.
    init(cursor: String) throws(TenonError) {
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let tick = Int64(parts[0]), let number = Int64(parts[1]) else {
            throw TenonError(.cursorInvalid, "The cursor is not one that a list has given. Leave it out.")
        }
        self.init(tick: Timestamp(microseconds: tick), number: number)
    }

    var cursor: String { "\(tick.microseconds).\(number)" }
}
