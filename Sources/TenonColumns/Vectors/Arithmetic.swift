/// Arithmetic over rows.
package enum ArithmeticOperation: Sendable, CaseIterable {
    case add, subtract, multiply, divide, remainder
}

/// The results of an operation for each row.
package enum VectorArithmetic {
    /// Integers, and the rows whose result does not fit or that divide by zero.
    package static func integers(
        _ operation: ArithmeticOperation, _ left: Lane<Int64>, _ right: Lane<Int64>, count: Int
    ) -> (values: Lane<Int64>, failed: RowMask?) {
        switch operation {
        case .add: checked(left, right, count) { $0.addingReportingOverflow($1) }
        case .subtract: checked(left, right, count) { $0.subtractingReportingOverflow($1) }
        case .multiply: checked(left, right, count) { $0.multipliedReportingOverflow(by: $1) }
        case .divide: checked(left, right, count) { $0.dividedReportingOverflow(by: $1) }
        case .remainder: checked(left, right, count) { $0.remainderReportingOverflow(dividingBy: $1) }
        }
    }

    @inline(__always)
    private static func checked(
        _ left: Lane<Int64>, _ right: Lane<Int64>, _ count: Int,
        _ body: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> (Lane<Int64>, RowMask?) {
        var hasOverflow = false
        let values = Lane<Int64>.combined(left, right, count: count) { left, right in
            let (value, overflow) = body(left, right)
            hasOverflow = hasOverflow || overflow
            return value
        }
        guard hasOverflow else { return (values, nil) }
        // Rare, so that the first loop need not write it down.
        let failed = Lane<Int64>.combined(left, right, count: count) { body($0, $1).overflow }
        return (values, failed.values(count: count))
    }

    package static func doubles(
        _ operation: ArithmeticOperation, _ left: Lane<Double>, _ right: Lane<Double>, count: Int
    ) -> Lane<Double> {
        switch operation {
        case .add: .combined(left, right, count: count) { $0 + $1 }
        case .subtract: .combined(left, right, count: count) { $0 - $1 }
        case .multiply: .combined(left, right, count: count) { $0 * $1 }
        case .divide: .combined(left, right, count: count) { $0 / $1 }
        case .remainder: .combined(left, right, count: count) { $0.truncatingRemainder(dividingBy: $1) }
        }
    }

    /// Integers as doubles, and the rows beyond 2^53, whose double may be another number.
    package static func promoted(_ values: Lane<Int64>, count: Int) -> (Lane<Double>, failed: RowMask?) {
        var hasLarge = false
        let doubles = values.map { value in
            hasLarge = hasLarge || value.magnitude > 1 << 53
            return Double(value)
        }
        guard hasLarge else { return (doubles, nil) }
        return (doubles, values.map { $0.magnitude > 1 << 53 }.values(count: count))
    }

    package static func negated(_ values: Lane<Int64>, count: Int) -> (Lane<Int64>, failed: RowMask?) {
        integers(.subtract, .same(0), values, count: count)
    }

    package static func negated(_ values: Lane<Double>) -> Lane<Double> { values.map { -$0 } }

    /// Toward zero, and the rows that have no such integer.
    package static func truncated(_ values: Lane<Double>, count: Int) -> (Lane<Int64>, failed: RowMask?) {
        var hasMisfit = false
        let integers = values.map { value in
            let fits = fitsInteger(value)
            hasMisfit = hasMisfit || !fits
            return fits ? Int64(value) : 0
        }
        guard hasMisfit else { return (integers, nil) }
        return (integers, values.map { !fitsInteger($0) }.values(count: count))
    }

    /// False for not-a-number too. Stays clear of the ends, where one more bit decides.
    @inline(__always)
    private static func fitsInteger(_ value: Double) -> Bool { value > -0x1p62 && value < 0x1p62 }
}
