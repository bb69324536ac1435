internal import TenonColumns
internal import TenonModel

/// Casts the values of some rows and finds those that do not fit.
struct RowCast {
    private let target: DerivedColumn
    private let rows: [Int32]
    private var parts: [Column] = []
    /// The rows whose values fit.
    private(set) var kept: [Int32] = []

    init(_ target: DerivedColumn, rows: [Int32]) {
        self.target = target
        self.rows = rows
    }

    /// The values of `kept`.
    var result: Column {
        if parts.count == 1 { return parts[0] }
        let builder = ColumnBuilder(target.type)
        for part in parts {
            for row in 0..<part.count { builder.append(row: row, of: part) }
        }
        return builder.finish()
    }

    /// `column` has the values of `rows`.
    mutating func run(_ column: Column, _ failures: inout RecordFailures) throws(TenonError) {
        _ = try cast(column, from: 0, &failures)
    }

    /// Halves what holds a misfit until it is found; true where a failure ends the step.
    private mutating func cast(
        _ column: Column, from start: Int, _ failures: inout RecordFailures
    ) throws(TenonError) -> Bool {
        do throws(TenonError) {
            parts.append(try column.cast(to: target.type, name: target.name))
            kept += rows[start..<start + column.count]
            return false
        } catch {
            guard column.count > 1 else {
                guard try failures.add(Self.failure(error)) else { return false }
                failures.unreadCount += rows.count - start
                return true
            }
            let middle = column.count / 2
            if try cast(column.part(0..<middle), from: start, &failures) { return true }
            return try cast(column.part(middle..<column.count), from: start + middle, &failures)
        }
    }

    private static func failure(_ error: TenonError) -> TenonError {
        var error = TenonError(.pipelineRecord, error.message, context: error.context)
        error.context["row"] = nil
        return error
    }
}

extension Column {
    fileprivate func part(_ range: Range<Int>) -> Column {
        gathered(range.map { Int32(truncatingIfNeeded: $0) })
    }
}
