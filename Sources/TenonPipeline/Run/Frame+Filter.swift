internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel
internal import TenonPattern

extension Frame {
    /// Keeps the rows for which the filter holds.
    mutating func keep(_ filter: PlannedFilter, _ failures: inout RecordFailures) throws(TenonError) {
        switch filter {
        case .predicate(let slot, let predicate):
            rows = column(slot).selected(predicate, from: rows)
        case .pattern(let slot, let pattern):
            let texts = column(slot)
            rows = filtered { row in !texts.isNull(at: row) && pattern.matches(texts.string(at: row)) }
        case .nested(let slot, let rest, let comparison):
            let values = column(slot)
            rows = filtered { row in
                let value = JSON(values.value(at: row))
                return JSONComparison.holds(comparison, for: FieldPath.value(in: value, rest[...]))
            }
        case .expression(let planned): try keep(planned, &failures)
        }
    }

    /// Whole columns at once; rows that these cannot decide, or all where the types are not known, one by one.
    private mutating func keep(
        _ planned: PlannedExpression, _ failures: inout RecordFailures
    ) throws(TenonError) {
        let columns = columns(of: planned.names)
        let tested = planned.program?.test(columns, rows: rows, rowCount: rowCount)
        let scope = ColumnScope(columns, now: now)
        var kept: [Int32] = []
        for position in 0..<count {
            let row = row(position)
            do throws(TenonError) {
                let holds: Bool
                if let tested, tested.unsure?[position] != true {
                    holds = tested.holds[position]
                } else {
                    holds = try planned.expression.test(scope.at(row)).isTrue
                }
                if holds { kept.append(Int32(truncatingIfNeeded: row)) }
            } catch {
                guard try failures.add(error) else { continue }
                failures.unreadCount += count - position
                break
            }
        }
        rows = kept
    }

    func columns(of names: RecordNames) -> [String: Column] { names.slots.mapValues { column($0) } }

    /// Keeps the first rows only.
    mutating func keep(first limit: Int) {
        guard count > limit else { return }
        rows = rows.map { Array($0.prefix(limit)) } ?? (0..<limit).map { Int32(truncatingIfNeeded: $0) }
    }

    private func filtered(_ test: (Int) -> Bool) -> [Int32] {
        (0..<count).compactMap { position in
            let row = row(position)
            return test(row) ? Int32(truncatingIfNeeded: row) : nil
        }
    }
}
