internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// A filter over known columns.
enum PlannedFilter: Sendable {
    case predicate(column: Int, ColumnPredicate)
    /// The values are JSON, or lie inside of it.
    case nested(column: Int, [FieldPath.Part], Comparison)
    case expression(Expression)

    /// The rows of `frame` that stay. Rows whose expression fails go to `failures`, or end the run by
    /// throwing there.
    func rows(
        of frame: Frame, _ failures: (TenonError) throws(TenonError) -> Void
    ) throws(TenonError) -> [Int32] {
        switch self {
        case .predicate(let column, let predicate):
            return frame.batch.columns[column].selected(predicate, from: frame.rows)
        case .nested(let column, let rest, let comparison):
            let values = frame.batch.columns[column]
            return frame.filtered { row in
                JSONComparison.holds(
                    comparison, for: FieldPath.value(in: JSON(values.value(at: row)), rest[...]))
            }
        case .expression(let expression):
            var kept: [Int32] = []
            for position in 0..<frame.count {
                let row = frame.row(position)
                do throws(TenonError) {
                    if try expression.test(RecordScope(batch: frame.batch, row: row)).isTrue {
                        kept.append(Int32(row))
                    }
                } catch {
                    try failures(error)
                }
            }
            return kept
        }
    }
}

/// Some rows of a batch: filters only narrow the selection, values move once at the end.
struct Frame {
    var batch: Batch
    /// Nil: all.
    var rows: [Int32]?

    var count: Int { rows?.count ?? batch.rowCount }
    /// About the bytes of the selected rows.
    var byteCount: Int { batch.rowCount == 0 ? 0 : batch.byteCount * count / batch.rowCount }

    func row(_ position: Int) -> Int { rows.map { Int($0[position]) } ?? position }

    func filtered(_ test: (Int) -> Bool) -> [Int32] {
        (0..<count).compactMap { position in
            let row = row(position)
            return test(row) ? Int32(truncatingIfNeeded: row) : nil
        }
    }

    /// The selected rows as a batch of their own.
    var gathered: Batch {
        guard let rows, rows.count < batch.rowCount else { return batch }
        return batch.gathered(rows)
    }
}
