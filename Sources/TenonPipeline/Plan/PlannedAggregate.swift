internal import TenonColumns

/// Aggregations over known columns.
struct PlannedAggregate: Sendable {
    struct Item: Sendable {
        let operation: AggregateOperation
        /// Nil counts records.
        let slot: Int?
        let type: ColumnType
        let name: String
    }
    let schema: Schema
    /// The slots to group by.
    let keys: [Int]
    let items: [Item]
}
