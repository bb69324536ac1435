internal import TenonColumns

/// Adjacent row-wise work on a batch, from the source or an aggregation to the next aggregation or the
/// target, across stages.
///
/// Columns are named by slots: first those of the batch, then those that steps make. Filters narrow one
/// selection of rows; renaming and leaving out fields happened when the slots were worked out; values are
/// gathered once, at the end.
struct PlannedPass: Sendable {
    enum End: Sendable {
        /// The pass's result: these slots as the columns of the schema.
        case output([Int], Schema)
        case aggregate(PlannedAggregate, source: [ColumnType])
    }

    /// For each slot that a batch fills, the column of the batch; nil: the source was not asked for it.
    var inputs: [Int?]
    var steps: [PassStep]
    let slotCount: Int
    let end: End

    /// The limits that rows meet in this pass from a step on, by their number in the plan.
    func limits(behind step: Int) -> [Int] {
        steps[step...].compactMap { if case .limit(let number, _) = $0.operation { number } else { nil } }
    }
}

struct PassStep: Sendable {
    enum Operation: Sendable {
        case filter(PlannedFilter)
        case derive([DerivedColumn])
        /// The plan's limit of that number lets so many rows pass in the whole run.
        case limit(number: Int, count: Int)
        /// Rows leave the stage with these slots.
        case leave([Int])
    }
    /// The transformation that it comes from; where rows leave a stage, only the stage counts.
    let place: TransformationPlace
    let operation: Operation

    var stage: Int { place.stage }
}

/// A column that a step makes out of others.
struct DerivedColumn: Sendable {
    enum Source: Sendable {
        /// A value inside the JSON of a column. Cannot fail.
        case nested(Int, [FieldPath.Part])
        case template(PlannedTemplate)
        case cast(Int)
    }
    let slot: Int
    let name: String
    let type: ColumnType
    let source: Source

    var canFail: Bool { if case .nested = source { false } else { true } }
}
