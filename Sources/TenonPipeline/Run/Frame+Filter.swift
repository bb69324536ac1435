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
            try keep(&failures) { row throws(TenonError) in
                guard !texts.isNull(at: row) else { return false }
                return try JSONComparison.occurs(pattern, in: texts.string(at: row))
            }
        case .nested(let slot, let rest, let comparison):
            let values = column(slot)
            try keep(&failures) { row throws(TenonError) in
                let value = JSON(values.value(at: row))
                return try JSONComparison.holds(comparison, for: FieldPath.value(in: value, rest[...]))
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
        var position = -1
        try keep(&failures) { row throws(TenonError) in
            position += 1
            if let tested, tested.unsure?[position] != true { return tested.holds[position] }
            return try planned.expression.test(scope.at(row)).isTrue
        }
    }

    /// Keeps the rows that pass a test, which looks at one after the other.
    private mutating func keep(
        _ failures: inout RecordFailures, where test: (Int) throws(TenonError) -> Bool
    ) throws(TenonError) {
        var kept: [Int32] = []
        for position in 0..<count {
            let row = row(position)
            do throws(TenonError) {
                if try test(row) { kept.append(Int32(truncatingIfNeeded: row)) }
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
}
