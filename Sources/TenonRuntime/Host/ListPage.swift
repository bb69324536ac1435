internal import TenonModel

/// The part of a list that a client asks for: so many rows, older than the one where the last page has ended.
struct ListPage {
    let limit: Int
    /// Nil: from the youngest on.
    let before: Int64?

    /// Throws `cursor.invalid`.
    init(limit: Int, cursor: String?) throws(TenonError) {
        self.limit = min(max(1, limit), Limits.pageSize)
        guard let cursor else {
            before = nil
            return
        }
        guard let number = Int64(cursor) else {
            throw TenonError(.cursorInvalid, "The cursor is not one that a list has given. Leave it out.")
        }
        before = number
    }

    /// With one more, a list knows whether there is another page.
    var fetchCount: Int { limit + 1 }

    /// Where this page ends, if there is more of the list; `number` is that of a row.
    func nextCursor<Row>(_ fetched: [Row], _ number: (Row) -> Int64) -> String? {
        fetched.count > limit ? fetched.prefix(limit).last.map { String(number($0)) } : nil
    }
}
