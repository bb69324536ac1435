internal import TenonBatches

/// What becomes of a column of the file.
struct ColumnPlan: Sendable {
    /// Of the announced columns.
    let column: Int
    /// As it is handed out.
    let description: ColumnDescription
    /// The values are copied as they stand in the file.
    let isCopied: Bool
}

/// What a reader does with each record, whatever the format.
struct ReadPlan: Sendable {
    /// The columns announced.
    let columns: [ColumnDescription]
    /// The columns handed out.
    let output: [ColumnPlan]
    let filter: [FilterTerm]
    /// What the host calls the rest of a request's conditions: some are left to it.
    let isFilterExact: Bool
    /// Records after the filter, from the beginning of the stream.
    let limit: Int?

    var schema: BatchSchema { BatchSchema(output.map(\.description)) }
}
