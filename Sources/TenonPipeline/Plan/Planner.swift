internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Plans one transformation after the other; `schema` is what the next one gets.
struct Planner {
    private(set) var schema: Schema

    init(schema: Schema) { self.schema = schema }

    mutating func step(_ transformation: Transformation, addsFields: Bool) throws(TenonError) -> PlannedStep {
        switch transformation.kind {
        case .filter(let condition): return .filter(try filter(condition))
        case .map(let mappings):
            let map = try map(mappings, addsFields: addsFields)
            schema = map.schema
            return .map(map)
        case .aggregate(let aggregation):
            let aggregate = try aggregate(aggregation)
            schema = aggregate.schema
            return .aggregate(aggregate)
        }
    }

    // MARK: Fields

    /// A column, and the way into its JSON values where the path goes on.
    func field(_ path: FieldPath, at pointer: JSONPointer) throws(TenonError) -> (
        column: Int, rest: [FieldPath.Part]
    ) {
        if let column = schema.index(of: path.text) { return (column, []) }
        guard let column = schema.index(of: path.root) else { throw unknown(path.root, at: pointer) }
        let type = schema.fields[column].type
        guard path.parts.count == 1 || type == .json || type == .null else {
            throw Self.error(
                .pipelineType,
                "\"\(path.text)\" leads into \"\(path.root)\", which is \(type.name) and has no fields",
                pointer)
        }
        return (column, Array(path.parts.dropFirst()))
    }

    func unknown(_ name: String, at pointer: JSONPointer) -> TenonError {
        let names = schema.names
        let list = names.prefix(30).map { "\"\($0)\"" }.joined(separator: ", ")
        let suggestion = NearestName.suggestion(for: name, among: names)
        return Self.error(
            .pipelineUnknownField,
            "there is no field \"\(name)\".\(suggestion) The records have \(list.isEmpty ? "none" : list)",
            pointer)
    }

    static func error(_ code: ErrorCode, _ message: String, _ pointer: JSONPointer) -> TenonError {
        let field = FieldError(pointer: pointer.description, message: message, code: code)
        return TenonError(code, "\(pointer): \(message).", fields: [field])
    }

    private var knownNames: KnownNames { KnownNames(topLevel: schema.names) }

    // MARK: Filter

    private func filter(_ condition: FilterCondition) throws(TenonError) -> PlannedFilter {
        switch condition {
        case .expression(let expression, let pointer):
            do throws(TenonError) {
                return .expression(try Expression.compile(expression.text, names: knownNames))
            } catch {
                throw Self.error(error.code, error.message, pointer)
            }
        case .comparison(let comparison):
            let (column, rest) = try field(comparison.path, at: comparison.pointer.appending("field"))
            let type = schema.fields[column].type
            if !rest.isEmpty || type == .json { return .nested(column: column, rest, comparison) }
            return .predicate(column: column, try PredicatePlanner.predicate(comparison, type: type))
        }
    }

    // MARK: Map

    private func map(_ mappings: [Mapping], addsFields: Bool) throws(TenonError) -> PlannedMap {
        var fields = addsFields ? schema.fields : []
        var sources = addsFields ? schema.fields.indices.map { PlannedMap.Source.column($0) } : []
        for mapping in mappings {
            let (source, type, isNullable) = try source(mapping)
            let field = Field(mapping.name, type, isNullable: isNullable)
            if let position = fields.firstIndex(where: { $0.name == mapping.name }) {
                fields[position] = field
                sources[position] = source
            } else {
                fields.append(field)
                sources.append(source)
            }
        }
        return PlannedMap(schema: Schema(fields), sources: sources)
    }

    private func source(_ mapping: Mapping) throws(TenonError) -> (
        PlannedMap.Source, ColumnType, isNullable: Bool
    ) {
        switch mapping.source {
        case .path(let path):
            let (column, rest) = try field(path, at: mapping.pointer)
            let field = schema.fields[column]
            return rest.isEmpty
                ? (.column(column), field.type, field.isNullable) : (.nested(column, rest), .json, true)
        case .template(let json, _):
            do throws(TenonError) {
                let template = try Template.compile(json, names: knownNames, at: mapping.pointer)
                let type = TemplateProbe.type(of: template, over: schema)
                return (.template(template, type, name: mapping.name), type, true)
            } catch {
                throw error.fields.isEmpty ? Self.error(error.code, error.message, mapping.pointer) : error
            }
        }
    }

    // MARK: Aggregate

    private func aggregate(_ aggregation: Aggregation) throws(TenonError) -> PlannedAggregate {
        var fields: [Field] = []
        var keys: [Int] = []
        for path in aggregation.groupBy {
            let column = try wholeField(path, "grouped by", at: aggregation.pointer)
            keys.append(column)
            fields.append(
                Field(path.text, schema.fields[column].type, isNullable: schema.fields[column].isNullable))
        }
        var items: [PlannedAggregate.Item] = []
        for item in aggregation.items {
            guard let operation = AggregateOperation(rawValue: item.operation) else {
                throw Self.error(.pipelineUnsupported, "\"\(item.operation)\" is not offered", item.pointer)
            }
            guard let path = item.path else {
                items.append(.init(operation: operation, column: nil, type: .int64, name: item.name))
                fields.append(Field(item.name, .int64, isNullable: false))
                continue
            }
            let column = try wholeField(path, "aggregated", at: item.pointer.appending("field"))
            let type = schema.fields[column].type
            guard let resultType = operation.resultType(type) else {
                throw Self.error(
                    .pipelineType,
                    "\"\(operation.rawValue)\" cannot take \"\(path.text)\", which is \(type.name)",
                    item.pointer.appending("field"))
            }
            items.append(.init(operation: operation, column: column, type: type, name: item.name))
            fields.append(Field(item.name, resultType, isNullable: !operation.isCount))
        }
        return PlannedAggregate(schema: Schema(fields), keys: keys, items: items)
    }

    private func wholeField(_ path: FieldPath, _ use: String, at pointer: JSONPointer) throws(TenonError)
        -> Int
    {
        let (column, rest) = try field(path, at: pointer)
        guard rest.isEmpty else {
            throw Self.error(
                .pipelineUnsupported,
                "a value inside JSON such as \"\(path.text)\" cannot be \(use) by this version", pointer)
        }
        return column
    }
}
