/// Why columns, or a description of them, cannot be taken.
public struct BatchError: Error, Hashable, Sendable {
    /// The column that is meant; empty where it is the batch.
    public let column: String
    /// What is wrong, a sentence for people.
    public let problem: String

    public init(column: String = "", _ problem: String) {
        self.column = column
        self.problem = problem
    }
}
