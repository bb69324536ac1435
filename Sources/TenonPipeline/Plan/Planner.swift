internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// Plans one transformation after the other and puts what is done row by row into passes.
struct Planner {
    /// What the next transformation gets.
    private(set) var schema: Schema
    /// Where each field of `schema` is in the current pass.
    private(set) var slots: [Int]
    private(set) var slotTypes: [ColumnType]
    private(set) var passes: [PlannedPass] = []
    /// How the source's columns are used.
    private(set) var uses: [ColumnUse]
    /// What the source could do instead.
    private(set) var pushable = Pushable()
    private(set) var limitCount = 0

    private let pushed: PushedWork
    private let sourceSchema: Schema
    private var inputCount: Int
    private var steps: [PassStep] = []
    /// Slots that something reads, and for nested values where they come from.
    private var readSlots: Set<Int> = []
    private var nestedOrigins: [Int: Int] = [:]
    private var place = TransformationPlace(stage: 0, position: 0)

    /// What stands before everything else that could change or stop it, so that the source may do it.
    struct Pushable {
        var comparisons: [PushedComparison] = []
        var limit: (count: Int, place: TransformationPlace)?
        /// Whether nothing has come yet that a later filter must not overtake.
        var isOpen = true
    }

    init(schema: Schema, pushed: PushedWork = PushedWork()) {
        self.schema = schema
        self.pushed = pushed
        sourceSchema = schema
        slots = Array(schema.fields.indices)
        slotTypes = schema.fields.map(\.type)
        uses = schema.fields.map { _ in .none }
        inputCount = schema.fields.count
    }

    mutating func add(
        _ transformation: Transformation, at place: TransformationPlace, addsFields: Bool
    ) throws(TenonError) {
        self.place = place
        switch transformation.kind {
        case .filter(let condition): try filter(condition)
        case .map(let mappings): try map(mappings, addsFields: addsFields)
        case .aggregate(let aggregation): endPass(with: try aggregate(aggregation))
        case .select(let fields): try select(fields)
        case .drop(let fields): try drop(fields)
        case .rename(let renames): try rename(renames)
        case .cast(let casts): try cast(casts)
        case .limit(let count): limit(count)
        }
    }

    mutating func leave(stage: Int) {
        let end = TransformationPlace(stage: stage, position: .max)
        steps.append(PassStep(place: end, operation: .leave(slots)))
    }

    /// Ends the plan: what is there now goes to the target.
    mutating func finish() throws(TenonError) {
        for slot in slots { try use(slot, .copied) }
        close(.output(slots, schema))
    }

    // MARK: Slots

    /// Notes that the values of a slot are needed, and that the host looks at them where `use` is parsed.
    mutating func use(_ slot: Int, _ use: ColumnUse) throws(TenonError) {
        readSlots.insert(slot)
        if let origin = nestedOrigins[slot] { return try self.use(origin, .parsed) }
        guard passes.isEmpty, slot < sourceSchema.fields.count else { return }
        uses[slot] = max(uses[slot], use)
        let field = sourceSchema.fields[slot]
        guard uses[slot] == .parsed, let late = field.late else { return }
        throw TenonError(
            .batchSchema,
            "The source hands out \"\(field.name)\" as text where \(late.name) was asked for; "
                + "the pipeline looks at its values.")
    }

    /// A slot for a column that a step makes.
    mutating func makeSlot(_ type: ColumnType) -> Int {
        slotTypes.append(type)
        return slotTypes.count - 1
    }

    mutating func setFields(_ fields: [Field], _ slots: [Int]) {
        schema = Schema(fields)
        self.slots = slots
    }

    mutating func append(_ operation: PassStep.Operation) {
        steps.append(PassStep(place: place, operation: operation))
    }

    mutating func append(nested slot: Int, of origin: Int) { nestedOrigins[slot] = origin }

    /// After this, filters that follow stay in the host.
    mutating func closePushing() { pushable.isOpen = false }

    private mutating func close(_ end: PlannedPass.End) {
        let kept = steps.compactMap { step -> PassStep? in
            guard case .derive(let columns) = step.operation else { return step }
            let needed = columns.filter { $0.canFail || readSlots.contains($0.slot) }
            return needed.isEmpty ? nil : PassStep(place: step.place, operation: .derive(needed))
        }
        passes.append(
            PlannedPass(
                inputs: Array(0..<inputCount), steps: PlannedFilter.cheapestFirst(kept),
                slotCount: slotTypes.count, end: end))
    }

    private mutating func endPass(with aggregate: PlannedAggregate) {
        closePushing()
        close(.aggregate(aggregate, source: slotTypes))
        schema = aggregate.schema
        slots = Array(schema.fields.indices)
        slotTypes = schema.fields.map(\.type)
        inputCount = slots.count
        steps = []
        readSlots = []
        nestedOrigins = [:]
    }

    // MARK: Filter and limit

    private mutating func filter(_ condition: FilterCondition) throws(TenonError) {
        // Decided over the columns that the source announced: those that come may tell less of their types.
        if pushed.filters.contains(place) { return }
        switch condition {
        case .expression(let expression, let pointer):
            let compiled: Expression
            do throws(TenonError) {
                compiled = try Expression.compile(expression.text, names: knownNames)
            } catch {
                throw Self.error(error.code, error.message, pointer)
            }
            if let comparisons = SimpleCondition.comparisons(of: compiled, schema, at: pointer) {
                return try compare(comparisons)
            }
            closePushing()
            let names = try names(compiled.references)
            append(
                .filter(
                    .expression(
                        PlannedExpression(
                            expression: compiled, names: names, program: columnProgram(of: compiled, names))))
            )
        case .comparison(let comparison): try compare([comparison])
        }
    }

    /// All must hold.
    private mutating func compare(_ comparisons: [Comparison]) throws(TenonError) {
        var candidates: [PushedComparison?] = []
        for comparison in comparisons {
            let (column, rest) = try field(comparison.path, at: comparison.pointer.appending("field"))
            let type = schema.fields[column].meantType
            let slot = slots[column]
            candidates.append(rest.isEmpty ? pushable(comparison, slot, type) : nil)
            try use(slot, .parsed)
            if !rest.isEmpty || type == .json {
                append(.filter(.nested(slot: slot, rest, comparison)))
            } else if let pattern = comparison.pattern, type == .utf8 {
                append(.filter(.pattern(slot: slot, pattern)))
            } else {
                let predicate = try PredicatePlanner.predicate(comparison, type: type)
                append(.filter(.predicate(slot: slot, predicate)))
            }
        }
        let found = candidates.compactMap { $0 }
        if found.count == candidates.count { pushable.comparisons += found } else { closePushing() }
    }

    /// What the source would be asked for instead, where it can.
    private func pushable(_ comparison: Comparison, _ slot: Int, _ type: ColumnType) -> PushedComparison? {
        guard pushable.isOpen, slot < sourceSchema.fields.count else { return nil }
        return PushedComparison(comparison, column: sourceSchema.fields[slot].name, type: type, place: place)
    }

    private mutating func limit(_ count: Int) {
        // To some sources 0 means no limit.
        if pushable.isOpen, count > 0 { pushable.limit = (count, place) }
        closePushing()
        guard pushed.limit != place else { return }
        append(.limit(number: limitCount, count: count))
        limitCount += 1
    }

    // MARK: Names

    /// The columns; what the definition's reader has judged is not judged again.
    var knownNames: KnownNames {
        var names = KnownNames(topLevel: schema.names)
        names.isStored = true
        return names
    }

    /// Where the values are that an expression reads.
    mutating func names(_ references: [Reference]) throws(TenonError) -> RecordNames {
        var names: [String: Int] = [:]
        for reference in references {
            guard let column = schema.index(of: reference.name) else { continue }
            names[reference.name] = slots[column]
            try use(slots[column], .parsed)
        }
        return RecordNames(slots: names)
    }

    /// The expression for whole batches.
    func columnProgram(of expression: Expression, _ names: RecordNames) -> ColumnProgram? {
        ColumnProgram(expression, types: names.slots.mapValues { slotTypes[$0] })
    }

    /// A column, and the way into its JSON values where the path goes on.
    func field(_ path: FieldPath, at pointer: JSONPointer) throws(TenonError) -> (
        column: Int, rest: [FieldPath.Part]
    ) {
        if let column = schema.index(of: path.text) { return (column, []) }
        guard let column = schema.index(of: path.root) else { throw unknown(path.root, at: pointer) }
        let type = schema.fields[column].meantType
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
}
