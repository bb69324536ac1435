internal import TenonColumns

/// The values of a node for some rows.
struct Vector {
    enum Values {
        case bools(Lane<Bool>)
        case ints(Lane<Int64>)
        case doubles(Lane<Double>)
        case texts(TextLane)
    }

    var values: Values
    /// Rows without a value, whose entry in `values` means nothing.
    var nulls: RowMask?
    /// Rows that the evaluation row by row must decide: something failed, or has no kernel.
    var unsure: RowMask?

    /// Nothing is known of any row.
    static func unsure(_ kind: VectorKind, count: Int) -> Vector {
        Vector(values: placeholder(kind), unsure: Array(repeating: true, count: count))
    }

    static func placeholder(_ kind: VectorKind) -> Values {
        switch kind {
        case .bool: .bools(.same(false))
        case .int: .ints(.same(0))
        case .double: .doubles(.same(0))
        case .text: .texts(.same([]))
        }
    }

    var bools: Lane<Bool> { if case .bools(let lane) = values { lane } else { .same(false) } }
    var ints: Lane<Int64> { if case .ints(let lane) = values { lane } else { .same(0) } }
    var doubles: Lane<Double> { if case .doubles(let lane) = values { lane } else { .same(0) } }
    var texts: TextLane { if case .texts(let lane) = values { lane } else { .same([]) } }

    /// As conditions read it: null is false.
    func truths(count: Int) -> [Bool] {
        let values = bools.values(count: count)
        guard let nulls else { return values }
        return zip(values, nulls).map { $0 && !$1 }
    }

    /// As a column of `count` rows; nil where its texts are too much.
    func column(count: Int, _ budget: inout TextBudget) -> Column? {
        switch values {
        case .bools(let lane): Column.make(lane.values(count: count), nulls: nulls)
        case .ints(let lane): Column.make(lane.values(count: count), nulls: nulls)
        case .doubles(let lane): Column.make(lane.values(count: count), nulls: nulls)
        case .texts(.each(let column)): column.masked(nulls)
        case .texts(.same(let text)): Column.repeating(text, count: count, nulls: nulls, &budget)
        }
    }
}

/// Reads columns into vectors.
enum ColumnReading {
    /// Longer texts are left to the evaluation row by row, which counts what work on them costs.
    static let maxTextBytes = 1 << 20
    /// What an evaluation may make of texts, those on the way to its result included; the rest is left to the
    /// rows, which hold one text at a time.
    static let maxMadeBytes = 64 << 20

    /// The kind of values that expressions see in a column; nil where that differs by row.
    static func kind(_ type: ColumnType) -> VectorKind? {
        switch type {
        case .bool: .bool
        case .float32, .float64: .double
        case .utf8, .decimal128, .date32, .time64, .timestamp, .binary: .text
        case .null, .json: nil
        default: .int
        }
    }

    /// The vector of `rows` (nil: all) of a column; all unsure where it is not of `kind`.
    static func vector(_ column: Column, _ kind: VectorKind, rows: [Int32]?, count: Int) -> Vector {
        guard Self.kind(column.type) == kind else { return .unsure(kind, count: count) }
        let nulls = column.nulls(at: rows)
        switch kind {
        case .bool:
            guard let values = column.bools(at: rows) else { break }
            return Vector(values: .bools(.each(values)), nulls: nulls)
        case .int:
            guard let (values, misfits) = column.integers(at: rows) else { break }
            return Vector(values: .ints(.each(values)), nulls: nulls, unsure: misfits)
        case .double:
            guard let values = column.doubles(at: rows) else { break }
            return Vector(values: .doubles(.each(values)), nulls: nulls)
        case .text:
            guard let texts = texts(column, rows) else { break }
            return Vector(
                values: .texts(.each(texts)), nulls: nulls,
                unsure: VectorTexts.longer(than: maxTextBytes, texts))
        }
        return .unsure(kind, count: count)
    }

    /// Dates, times, decimals and bytes as expressions see them.
    private static func texts(_ column: Column, _ rows: [Int32]?) -> Column? {
        let selected = rows.map { column.gathered($0) } ?? column
        // Fails for no value; and where it did, the rows would be evaluated one by one.
        return try? selected.cast(to: .utf8, name: "")
    }
}
