internal import TenonColumns
package import TenonExpression
package import TenonJSON
package import TenonModel

/// The same transformations over JSON values, for the step `data-transform` of workflows.
package enum Transformations {
    /// Applies one transformation, or a list of them in turn. An object gives an object, a list a list; a
    /// filter that does not hold turns an object into null; an aggregate without `groupBy` gives one object.
    /// `now` is what the function of that name gives.
    package static func apply(
        _ transformation: JSON, to input: JSON, now: Timestamp? = nil
    ) throws(TenonError) -> JSON {
        try apply(transformation, to: input, in: TimeScope(now: now), KnownNames())
    }

    /// The same with names around each record: its own fields come first. `names` are those that may hold
    /// spaces.
    package static func apply(
        _ transformation: JSON, to input: JSON, in scope: any ExpressionScope, _ names: KnownNames
    ) throws(TenonError) -> JSON {
        let (steps, mistakes) = read(transformation, at: JSONPointer(), names)
        if let first = mistakes.first {
            let isUnsupported = mistakes.allSatisfy { $0.code == .pipelineUnsupported }
            throw TenonError(
                isUnsupported ? .pipelineUnsupported : .pipelineInvalid,
                "The transformation cannot be used: \(first.pointer) \(first.message).", fields: mistakes)
        }
        var value = input
        for step in steps { value = try apply(step, to: value, scope) }
        return value
    }

    /// What is wrong, and what is probably not meant, in a transformation or a list of them; `pointer` is its
    /// place in the definition.
    package static func validate(
        _ transformation: JSON, at pointer: JSONPointer, _ names: KnownNames = KnownNames()
    ) -> (mistakes: [FieldError], warnings: [DefinitionWarning]) {
        let (steps, mistakes) = read(transformation, at: pointer, names)
        return (mistakes, steps.flatMap(\.warnings))
    }

    private static func read(
        _ json: JSON, at pointer: JSONPointer, _ names: KnownNames
    ) -> (steps: [Transformation], mistakes: [FieldError]) {
        guard let list = json.array else { return read([(json, pointer)], names) }
        return read(list.enumerated().map { ($1, pointer.appending($0)) }, names)
    }

    private static func read(
        _ list: [(JSON, JSONPointer)], _ names: KnownNames
    ) -> (steps: [Transformation], mistakes: [FieldError]) {
        var steps: [Transformation] = []
        var mistakes: [FieldError] = []
        for (json, pointer) in list {
            var reader = TransformationReader(json, at: pointer, names: names)
            if let step = reader.read() { steps.append(step) }
            mistakes += reader.mistakes
        }
        return (steps, mistakes)
    }

    private static func apply(
        _ step: Transformation, to input: JSON, _ scope: any ExpressionScope
    ) throws(TenonError) -> JSON {
        switch step.kind {
        case .map(let mappings):
            return try eachRecord(of: input) { (record) throws(TenonError) in try map(mappings, record, scope)
            }
        case .filter(let condition):
            return try eachRecord(of: input) { (record) throws(TenonError) in
                // `nil` alone would be JSON's null here.
                try holds(condition, record, scope) ? record : Optional<JSON>.none
            }
        case .aggregate(let aggregation): return try aggregate(aggregation, over: try records(of: input))
        case .select(let fields):
            return try eachRecord(of: input) { (record) throws(TenonError) in select(fields, record) }
        case .drop(let fields):
            return try eachRecord(of: input) { (record) throws(TenonError) in drop(fields, record) }
        case .rename(let renames):
            return try eachRecord(of: input) { (record) throws(TenonError) in try rename(renames, record) }
        case .cast(let casts):
            return try eachRecord(of: input) { (record) throws(TenonError) in try cast(casts, record) }
        case .limit(let count):
            if input.object != nil { return count > 0 ? input : .null }
            return .array(Array(try records(of: input).prefix(count)))
        }
    }

    // MARK: Records

    private static func eachRecord(
        of input: JSON, _ body: (JSON) throws(TenonError) -> JSON?
    ) throws(TenonError) -> JSON {
        if input.object != nil { return try body(input) ?? .null }
        var results: [JSON] = []
        for record in try records(of: input) {
            if let result = try body(record) { results.append(result) }
        }
        return .array(results)
    }

    private static func records(of input: JSON) throws(TenonError) -> [JSON] {
        if input.object != nil { return [input] }
        guard let records = input.array else {
            throw TenonError(
                .pipelineRecord, "The input must be an object or a list of objects, not \(input.typeName).")
        }
        if let index = records.firstIndex(where: { $0.object == nil }) {
            throw TenonError(
                .pipelineRecord,
                "Element \(index) of the input is not an object but \(records[index].typeName).")
        }
        return records
    }

    private static func map(
        _ mappings: [Mapping], _ record: JSON, _ scope: any ExpressionScope
    ) throws(TenonError) -> JSON {
        var result = JSONObject()
        for mapping in mappings {
            switch mapping.source {
            case .path(let path): result[mapping.name] = path.value(in: record)
            case .template(_, let template):
                result[mapping.name] = try template.render(RecordScope(record, in: scope))
            }
        }
        return .object(result)
    }

    private static func holds(
        _ condition: FilterCondition, _ record: JSON, _ scope: any ExpressionScope
    ) throws(TenonError) -> Bool {
        switch condition {
        case .comparison(let comparison):
            return try JSONComparison.holds(comparison, for: comparison.path.value(in: record))
        case .expression(let expression, _):
            return try expression.test(RecordScope(record, in: scope)).isTrue
        }
    }

    /// The columns that the aggregation reads are taken out of the records, then the pipeline's own operator
    /// does the work.
    private static func aggregate(_ aggregation: Aggregation, over records: [JSON]) throws(TenonError) -> JSON
    {
        let paths = aggregation.groupBy + aggregation.items.compactMap(\.path)
        let flat = records.map { record in
            JSON.object(JSONObject(paths.map { (key: $0.text, value: $0.value(in: record)) }))
        }
        var batch = try Batch(records: flat)
        if flat.isEmpty {
            batch = Batch(
                empty: Schema(JSONObject(paths.map { ($0.text, .null) }).keys.map { Field($0, .null) }))
        }
        batch = batch.withNullColumns
        var planner = Planner(schema: batch.schema)
        try planner.add(
            Transformation(kind: .aggregate(aggregation), pointer: aggregation.pointer, warnings: []),
            at: TransformationPlace(stage: 0, position: 0), addsFields: false)
        guard let pass = planner.passes.first, case .aggregate(let plan, let types) = pass.end else {
            return .null
        }
        let state = AggregateState(plan, types: types)
        if batch.rowCount > 0 { try state.add(Frame(batch, for: pass)) }
        let result = try state.finish()
        if aggregation.groupBy.isEmpty { return result.json(row: 0) }
        return .array((0..<result.rowCount).map { result.json(row: $0) })
    }
}

extension Batch {
    /// This batch with columns that hold nothing typed as null, so that a sum over nothing is null and no
    /// error.
    fileprivate var withNullColumns: Batch {
        let columns = columns.map { $0.nullCount == $0.count ? Column.nulls(.null, count: $0.count) : $0 }
        let fields = zip(schema.fields, columns).map { Field($0.name, $1.type, isNullable: $0.isNullable) }
        return Batch(schema: Schema(fields), columns: columns, rowCount: rowCount)
    }
}
