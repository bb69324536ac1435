/// How a search in one text went.
struct PatternSearch: Sendable {
    /// Nil where it took more visits than are allowed.
    var isFound: Bool?
    /// How many places of the program were looked at to find states that the table did not have.
    var visits: Int

    private static let leastVisits = 4_000_000
    private static let visitsPerByte = 32
    private static let mostVisits = 100_000_000

    /// How many visits a text deserves. Most patterns need some thousands in all, however long the text is: only
    /// those with ever new states go on to need them.
    static func maxVisits(byteCount: Int) -> Int {
        leastVisits + min(byteCount, (mostVisits - leastVisits) / visitsPerByte) * visitsPerByte
    }
}
