internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

extension Frame {
    /// Makes new columns over the selected rows. A record that fails in one is left out of all.
    mutating func derive(
        _ derived: [DerivedColumn], _ failures: inout RecordFailures
    ) throws(TenonError) {
        try render(derived, &failures)
        for target in derived {
            if case .cast(let slot) = target.source { try cast(slot, to: target, &failures) }
        }
        for target in derived {
            guard case .nested(let slot, let rest) = target.source else { continue }
            set(target.slot, nested(column(slot), rest))
        }
    }

    /// Renders templates: over whole columns where their types are known, else record by record.
    private mutating func render(
        _ derived: [DerivedColumn], _ failures: inout RecordFailures
    ) throws(TenonError) {
        var targets: [TemplateTarget] = []
        for target in derived {
            guard case .template(let planned) = target.source else { continue }
            let columns = columns(of: planned.names)
            let result = planned.program?.evaluate(columns, rows: rows, rowCount: rowCount)
            if let result, result.unsure == nil {
                set(target.slot, spread(result.column))
            } else {
                targets.append(TemplateTarget(target, planned, ColumnScope(columns, now: now), result))
            }
        }
        guard !targets.isEmpty else { return }
        var kept: [Int32] = []
        kept.reserveCapacity(count)
        for position in 0..<count {
            let row = row(position)
            do throws(TenonError) {
                for target in targets { try target.append(row: row, position: position) }
                kept.append(Int32(truncatingIfNeeded: row))
            } catch {
                for target in targets { target.builder.truncate(to: row) }
                guard try failures.add(error) else { continue }
                failures.unreadCount += count - position
                break
            }
        }
        for target in targets {
            target.builder.appendNulls(upTo: rowCount)
            set(target.slot, target.builder.finish())
        }
        if kept.count < count { rows = kept }
    }

    /// The values of the selected rows at their places in the batch.
    private func spread(_ column: Column) -> Column {
        guard let rows, rows.count < rowCount else { return column }
        // -1 gives null.
        var places = [Int32](repeating: -1, count: rowCount)
        for (position, row) in rows.enumerated() {
            places[Int(row)] = Int32(truncatingIfNeeded: position)
        }
        return column.gathered(places)
    }

    private func nested(_ column: Column, _ rest: [FieldPath.Part]) -> Column {
        let builder = ColumnBuilder(.json)
        for position in 0..<count {
            let row = row(position)
            builder.appendNulls(upTo: row)
            let value = FieldPath.value(in: JSON(column.value(at: row)), rest[...])
            // Always fits: a JSON column takes any value.
            _ = builder.append(json: value)
        }
        builder.appendNulls(upTo: rowCount)
        return builder.finish()
    }

    // MARK: Cast

    private mutating func cast(
        _ slot: Int, to target: DerivedColumn, _ failures: inout RecordFailures
    ) throws(TenonError) {
        let source = column(slot)
        let selected = rows ?? (0..<rowCount).map { Int32(truncatingIfNeeded: $0) }
        var cast = RowCast(target, rows: selected)
        try cast.run(rows == nil ? source : source.gathered(selected), &failures)
        guard cast.kept.count == rowCount else {
            // Back to the rows of the batch: -1 gives null.
            var places = [Int32](repeating: -1, count: rowCount)
            for (position, row) in cast.kept.enumerated() {
                places[Int(row)] = Int32(truncatingIfNeeded: position)
            }
            set(target.slot, cast.result.gathered(places))
            if cast.kept.count < selected.count { rows = cast.kept }
            return
        }
        set(target.slot, cast.result)
    }
}

/// A column that is rendered record by record, as far as it is not known already.
private struct TemplateTarget {
    let slot: Int
    let builder: ColumnBuilder
    private let name: String
    private let template: Template
    private let scope: ColumnScope
    private let known: ColumnProgram.Result?

    init(
        _ target: DerivedColumn, _ planned: PlannedTemplate, _ scope: ColumnScope,
        _ known: ColumnProgram.Result?
    ) {
        slot = target.slot
        name = target.name
        builder = ColumnBuilder(target.type)
        template = planned.template
        self.scope = scope
        self.known = known
    }

    /// Appends the value of a row, whose position among the selected ones is given too.
    func append(row: Int, position: Int) throws(TenonError) {
        builder.appendNulls(upTo: row)
        if let known, known.unsure?[position] != true {
            return builder.append(row: position, of: known.column)
        }
        let value = try template.render(scope.at(row))
        guard builder.append(json: value) else {
            throw TenonError(
                .pipelineRecord,
                "\"\(name)\" gives \(value.typeName) where it is \(builder.type.name) for other records")
        }
    }
}

extension ColumnBuilder {
    fileprivate func appendNulls(upTo row: Int) {
        while count < row { appendNull() }
    }
}
