internal import TenonJSON

/// What a reader says it follows of a request; what it leaves out, the host does.
package struct Honoured: Sendable, Equatable {
    /// How well a reader applies a filter.
    package enum Exactness: String, Sendable, CaseIterable {
        /// All records that match come and no others.
        case exact
        /// All that match come, and some others.
        case partial
        /// All records come.
        case none
    }

    /// Whether exactly the requested columns come, in this order.
    package let columns: Bool
    package let filter: Exactness
    package let limit: Bool

    package init(columns: Bool = false, filter: Exactness = .none, limit: Bool = false) {
        self.columns = columns
        self.filter = filter
        self.limit = limit
    }

    /// `{"columns": true, "filter": "exact", "limit": true}`; what is missing or unknown is not followed.
    package init(_ json: [UInt8]) {
        // A reader that says nothing, or nothing that can be read, follows nothing.
        let answer = (try? JSONParser.parse(json)) ?? .null
        self.init(
            columns: answer["columns"]?.bool ?? false,
            filter: answer["filter"]?.string.flatMap(Exactness.init(rawValue:)) ?? .none,
            limit: answer["limit"]?.bool ?? false)
    }
}
