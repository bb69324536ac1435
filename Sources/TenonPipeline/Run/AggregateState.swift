internal import TenonColumns
internal import TenonModel

/// The groups and sums of one run. Batches go in, one result comes out at the end.
final class AggregateState {
    /// Groups times aggregations: bounds the memory.
    private static let maxResults = 4 * Limits.aggregateGroups
    private let plan: PlannedAggregate
    private let groups: GroupTable?
    private let aggregates: [Aggregate]

    /// `types`: those of the slots.
    init(_ plan: PlannedAggregate, types: [ColumnType]) {
        self.plan = plan
        groups = plan.keys.isEmpty ? nil : GroupTable(plan.keys.map { types[$0] })
        aggregates = plan.items.compactMap { Aggregate($0.operation, type: $0.type, name: $0.name) }
    }

    func add(_ frame: Frame) throws(TenonError) {
        let keys = plan.keys.map { frame.column($0) }
        let numbers =
            try groups?.groups(of: keys, rows: frame.rows, rowCount: frame.rowCount)
            ?? [Int32](repeating: 0, count: frame.count)
        let groupCount = groups?.count ?? 1
        try checkSize(groupCount)
        for (item, aggregate) in zip(plan.items, aggregates) {
            let column = item.slot.map { frame.column($0) }
            try aggregate.add(column, groups: numbers, rows: frame.rows, groupCount: groupCount)
        }
    }

    private func checkSize(_ groupCount: Int) throws(TenonError) {
        guard groupCount * aggregates.count <= Self.maxResults else {
            throw TenonError(
                .batchLimit,
                "\(aggregates.count) aggregations of \(groupCount) groups are more than "
                    + "\(Self.maxResults) results; group by fewer fields.")
        }
    }

    func finish() throws(TenonError) -> Batch {
        // Without groups the result is one record, also over nothing.
        let count = groups?.count ?? 1
        var columns = groups?.keyColumns() ?? []
        for aggregate in aggregates { columns.append(try aggregate.finish(groupCount: count)) }
        return Batch(schema: plan.schema, columns: columns, rowCount: count)
    }
}
