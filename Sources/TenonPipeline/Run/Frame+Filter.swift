internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

extension Frame {
    /// Keeps the rows for which the filter holds.
    mutating func keep(_ filter: PlannedFilter, _ failures: inout RecordFailures) throws(TenonError) {
        switch filter {
        case .predicate(let slot, let predicate):
            rows = column(slot).selected(predicate, from: rows)
        case .nested(let slot, let rest, let comparison):
            let values = column(slot)
            rows = filtered { row in
                let value = JSON(values.value(at: row))
                return JSONComparison.holds(comparison, for: FieldPath.value(in: value, rest[...]))
            }
        case .expression(let expression, let names):
            let scope = RecordScope(self, names)
            var kept: [Int32] = []
            for position in 0..<count {
                let row = row(position)
                do throws(TenonError) {
                    if try expression.test(scope.at(row)).isTrue {
                        kept.append(Int32(truncatingIfNeeded: row))
                    }
                } catch {
                    guard try failures.add(error) else { continue }
                    failures.unreadCount += count - position
                    break
                }
            }
            rows = kept
        }
    }

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
