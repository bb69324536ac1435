package import TenonColumns

/// An expression worked out for columns: whole batches at once, with the same results as row by row.
///
/// Rows that kernels cannot decide, such as those whose integers overflow, are named, and the expression's own
/// `test` or `evaluate` gives their value or error.
package struct ColumnProgram: Sendable {
    /// What came out for each row.
    package struct Result {
        /// One row for each that was asked for; those of `unsure` mean nothing.
        package let column: Column
        package let unsure: RowMask?
    }

    private let root: ColumnNode

    /// Nil where no row could be decided. `types`: of the columns, by the names that the expression reads.
    package init?(_ expression: Expression, types: [String: ColumnType]) {
        guard expression.mode == .host else { return nil }
        guard let root = ColumnCompiler(types: types).node(expression.program), !root.isRowOnly else {
            return nil
        }
        self.root = root
    }

    /// The type of the results.
    package var type: ColumnType {
        switch root.kind {
        case .bool: .bool
        case .int: .int64
        case .double: .float64
        case .text: .utf8
        }
    }

    /// The values of `rows` (nil: all of `rowCount`).
    package func evaluate(_ columns: [String: Column], rows: [Int32]?, rowCount: Int) -> Result {
        var evaluator = ColumnEvaluator(columns: columns, rows: rows, rowCount: rowCount)
        let vector = evaluator.vector(root)
        guard let column = evaluator.column(vector) else {
            let unsure = Array(repeating: true, count: evaluator.count)
            let nothing = ColumnBuilder(type)
            for _ in unsure { nothing.appendNull() }
            return Result(column: nothing.finish(), unsure: unsure)
        }
        return Result(column: column, unsure: vector.unsure)
    }

    /// For which of `rows` (nil: all) the condition holds; null does not. `holds` means nothing where `unsure`
    /// is true.
    package func test(
        _ columns: [String: Column], rows: [Int32]?, rowCount: Int
    ) -> (holds: [Bool], unsure: RowMask?) {
        var evaluator = ColumnEvaluator(columns: columns, rows: rows, rowCount: rowCount)
        guard root.kind == .bool else {
            // The rows say what is wrong with a condition that is none.
            return (
                Array(repeating: false, count: evaluator.count),
                Array(repeating: true, count: evaluator.count)
            )
        }
        let vector = evaluator.vector(root)
        return (vector.truths(count: evaluator.count), vector.unsure)
    }
}
