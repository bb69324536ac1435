package import TenonColumns
package import TenonModel

extension PipelinePlan {
    /// What to ask of a source that announces the columns `source`. Checks the whole definition against them
    /// and throws as `init` does. `takesLate`: the target takes columns whose values were never parsed.
    package static func request(
        _ definition: PipelineDefinition, source: Schema, takesLate: Bool
    ) throws(TenonError) -> SourceRequest {
        let takesLate = takesLate && definition.extract.allowsLate
        let whole = try Planner.plan(definition, schema: source)
        let filter = whole.pushable.comparisons
        let limit = whole.pushable.limit
        let pushed = PushedWork(filters: Set(filter.map(\.place)), limit: limit?.place)
        let hoped = try Planner.plan(definition, schema: source, pushed: pushed)
        return SourceRequest(
            columns: columns(source, hoped.uses, takesLate: takesLate), filter: filter, limit: limit?.count,
            announced: source, limitPlace: limit?.place,
            columnsWithFilter: columns(source, whole.uses, takesLate: takesLate))
    }

    private static func columns(_ source: Schema, _ uses: [ColumnUse], takesLate: Bool) -> [RequestedColumn]?
    {
        var columns: [RequestedColumn] = []
        for (field, use) in zip(source.fields, uses) where use != .none {
            let isLate = takesLate && use == .copied && canBeLate(field.type)
            columns.append(RequestedColumn(field.name, isLate: isLate))
        }
        // Records without columns have no count; text is the cheapest that has one.
        if columns.isEmpty, let first = source.fields.first {
            columns.append(RequestedColumn(first.name, isLate: canBeLate(first.type)))
        }
        let isEverything = columns.count == source.fields.count && !columns.contains(where: \.isLate)
        return isEverything ? nil : columns
    }

    /// JSON is its own text, and where only nulls were seen nobody knows what text may mean.
    private static func canBeLate(_ type: ColumnType) -> Bool { type != .json && type != .null }
}
