internal import TenonColumns
internal import TenonJSON
internal import TenonModel

extension Planner {
    mutating func aggregate(_ aggregation: Aggregation) throws(TenonError) -> PlannedAggregate {
        var fields: [Field] = []
        var keys: [Int] = []
        for path in aggregation.groupBy {
            let column = try wholeField(path, "grouped by", at: aggregation.pointer)
            let field = schema.fields[column]
            try use(slots[column], .parsed)
            keys.append(slots[column])
            fields.append(Field(path.text, field.meantType, isNullable: field.isNullable))
        }
        var items: [PlannedAggregate.Item] = []
        for item in aggregation.items {
            let (planned, field) = try self.item(item)
            items.append(planned)
            fields.append(field)
        }
        return PlannedAggregate(schema: Schema(fields), keys: keys, items: items)
    }

    private mutating func item(
        _ item: Aggregation.Item
    ) throws(TenonError) -> (PlannedAggregate.Item, Field) {
        guard let operation = AggregateOperation(rawValue: item.operation) else {
            throw Self.error(.pipelineUnsupported, "\"\(item.operation)\" is not offered", item.pointer)
        }
        guard let path = item.path else {
            return (
                .init(operation: operation, slot: nil, type: .int64, name: item.name),
                Field(item.name, .int64, isNullable: false)
            )
        }
        let column = try wholeField(path, "aggregated", at: item.pointer.appending("field"))
        let type = schema.fields[column].meantType
        guard let resultType = operation.resultType(type) else {
            throw Self.error(
                .pipelineType,
                "\"\(operation.rawValue)\" cannot take \"\(path.text)\", which is \(type.name)",
                item.pointer.appending("field"))
        }
        try use(slots[column], .parsed)
        return (
            .init(operation: operation, slot: slots[column], type: type, name: item.name),
            Field(item.name, resultType, isNullable: !operation.isCount)
        )
    }

    private func wholeField(
        _ path: FieldPath, _ use: String, at pointer: JSONPointer
    ) throws(TenonError) -> Int {
        let (column, rest) = try field(path, at: pointer)
        guard rest.isEmpty else {
            throw Self.error(
                .pipelineUnsupported,
                "a value inside JSON such as \"\(path.text)\" cannot be \(use) by this version", pointer)
        }
        return column
    }
}
