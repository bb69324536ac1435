internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The transformations that make, choose and name columns.
extension Planner {
    // MARK: Map

    mutating func map(_ mappings: [Mapping], addsFields: Bool) throws(TenonError) {
        var fields = addsFields ? schema.fields : []
        var slots = addsFields ? self.slots : []
        var derived: [DerivedColumn] = []
        for mapping in mappings {
            let (field, slot) = try source(mapping, &derived)
            if let position = fields.firstIndex(where: { $0.name == mapping.name }) {
                fields[position] = field
                slots[position] = slot
            } else {
                fields.append(field)
                slots.append(slot)
            }
        }
        derive(derived)
        setFields(fields, slots)
    }

    private mutating func derive(_ derived: [DerivedColumn]) {
        guard !derived.isEmpty else { return }
        if derived.contains(where: \.canFail) { closePushing() }
        append(.derive(derived))
    }

    private mutating func source(
        _ mapping: Mapping, _ derived: inout [DerivedColumn]
    ) throws(TenonError) -> (Field, slot: Int) {
        switch mapping.source {
        case .path(let path):
            let (column, rest) = try field(path, at: mapping.pointer)
            var field = schema.fields[column]
            field.name = mapping.name
            guard !rest.isEmpty else { return (field, slots[column]) }
            let slot = makeSlot(.json)
            append(nested: slot, of: slots[column])
            derived.append(
                DerivedColumn(
                    slot: slot, name: mapping.name, type: .json, source: .nested(slots[column], rest)))
            return (Field(mapping.name, .json), slot)
        case .template(let json, _):
            let template: Template
            do throws(TenonError) {
                template = try Template.compile(json, names: knownNames, at: mapping.pointer)
            } catch {
                throw error.fields.isEmpty ? Self.error(error.code, error.message, mapping.pointer) : error
            }
            let names = try names(template.references)
            let program = template.wholeExpression.flatMap { columnProgram(of: $0, names) }
            let type = program?.type ?? TemplateProbe.type(of: template, over: schema)
            let slot = makeSlot(type)
            let planned = PlannedTemplate(template: template, names: names, program: program)
            derived.append(
                DerivedColumn(slot: slot, name: mapping.name, type: type, source: .template(planned)))
            return (Field(mapping.name, type), slot)
        }
    }

    // MARK: Whole fields

    private func column(_ field: NamedField) throws(TenonError) -> Int {
        guard let column = schema.index(of: field.name) else {
            throw unknown(field.name, at: field.pointer)
        }
        return column
    }

    mutating func select(_ names: [NamedField]) throws(TenonError) {
        var columns: [Int] = []
        for name in names { columns.append(try column(name)) }
        setFields(columns.map { schema.fields[$0] }, columns.map { slots[$0] })
    }

    mutating func drop(_ names: [NamedField]) throws(TenonError) {
        var dropped: Set<Int> = []
        for name in names { dropped.insert(try column(name)) }
        let kept = schema.fields.indices.filter { !dropped.contains($0) }
        guard !kept.isEmpty else {
            throw Self.error(
                .pipelineInvalid, "every field is dropped; a record needs at least one",
                names.first?.pointer ?? JSONPointer())
        }
        setFields(kept.map { schema.fields[$0] }, kept.map { slots[$0] })
    }

    /// All at once, so that two fields can change places.
    mutating func rename(_ renames: [Rename]) throws(TenonError) {
        var fields = schema.fields
        for rename in renames { fields[try column(rename.field)].name = rename.newName }
        for rename in renames where fields.filter({ $0.name == rename.newName }).count > 1 {
            throw Self.error(
                .pipelineInvalid, "there would be two fields \"\(rename.newName)\"", rename.field.pointer)
        }
        setFields(fields, slots)
    }

    mutating func cast(_ casts: [FieldCast]) throws(TenonError) {
        var fields = schema.fields
        var slots = slots
        var derived: [DerivedColumn] = []
        for cast in casts {
            let column = try column(cast.field)
            let type = fields[column].meantType
            guard CastRule.isPossible(from: type, to: cast.type) else {
                throw Self.error(
                    .pipelineType,
                    "\"\(cast.field.name)\" is \(type.name) and cannot become \(cast.type.name)",
                    cast.field.pointer)
            }
            // Also where the type is the announced one: a cast is the word that all values are of it.
            try use(slots[column], .parsed)
            if type == cast.type { continue }
            let slot = makeSlot(cast.type)
            derived.append(
                DerivedColumn(
                    slot: slot, name: cast.field.name, type: cast.type, source: .cast(slots[column])))
            fields[column] = Field(
                cast.field.name, cast.type, isNullable: fields[column].isNullable || type == .json)
            slots[column] = slot
        }
        derive(derived)
        setFields(fields, slots)
    }
}

/// Which types a cast may lead from and to; whether each value fits is seen when it comes.
enum CastRule {
    static func isPossible(from type: ColumnType, to target: ColumnType) -> Bool {
        if type == target || type == .null { return true }
        switch target {
        case .utf8, .json: return true
        case .binary: return type == .utf8
        case .null: return false
        case .date32, .time64, .timestamp: return [.utf8, .json].contains(type)
        case .bool: return [.utf8, .json].contains(type) || type.isInteger
        case _ where target.isInteger: return [.utf8, .json, .bool].contains(type) || type.isNumeric
        default: return [.utf8, .json].contains(type) || type.isNumeric
        }
    }
}
