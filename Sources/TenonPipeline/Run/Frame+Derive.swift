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

    /// Renders all templates record by record.
    private mutating func render(
        _ derived: [DerivedColumn], _ failures: inout RecordFailures
    ) throws(TenonError) {
        var targets: [(template: Template, scope: RecordScope, builder: ColumnBuilder, of: DerivedColumn)] =
            []
        for target in derived {
            guard case .template(let planned) = target.source else { continue }
            let scope = RecordScope(self, planned.names)
            targets.append((planned.template, scope, ColumnBuilder(target.type), target))
        }
        guard !targets.isEmpty else { return }
        var kept: [Int32] = []
        kept.reserveCapacity(count)
        for position in 0..<count {
            let row = row(position)
            do throws(TenonError) {
                for target in targets {
                    target.builder.appendNulls(upTo: row)
                    let value = try target.template.render(target.scope.at(row))
                    guard target.builder.append(json: value) else { throw misfit(value, target.of) }
                }
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
            set(target.of.slot, target.builder.finish())
        }
        if kept.count < count { rows = kept }
    }

    private func misfit(_ value: JSON, _ target: DerivedColumn) -> TenonError {
        TenonError(
            .pipelineRecord,
            "\"\(target.name)\" gives \(value.typeName) where it is \(target.type.name) for other records")
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

extension ColumnBuilder {
    fileprivate func appendNulls(upTo row: Int) {
        while count < row { appendNull() }
    }
}
