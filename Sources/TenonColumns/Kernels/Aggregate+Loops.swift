/// The loops over rows of an aggregation. Sums and counts lie in plain memory while a loop runs.
extension Aggregate {
    /// Which group each value goes into and which rows there are.
    struct Rows {
        let groups: UnsafePointer<Int32>
        /// Nil: row i is at position i.
        let rows: UnsafePointer<Int32>?
        let count: Int
        /// Only group 0 exists.
        let isSingle: Bool
    }

    /// Calls `body` with group and row of each value.
    @inline(__always)
    static func eachValue(_ column: Column, _ rows: Rows, _ body: (Int, Int) -> Void) {
        if column.type == .null { return }
        guard let validity = column.validity?.pointer else {
            if let selected = rows.rows {
                for position in 0..<rows.count { body(Int(rows.groups[position]), Int(selected[position])) }
            } else {
                for position in 0..<rows.count { body(Int(rows.groups[position]), position) }
            }
            return
        }
        for position in 0..<rows.count {
            let row = rows.rows.map { Int($0[position]) } ?? position
            if Bits.isSet(validity, row) { body(Int(rows.groups[position]), row) }
        }
    }

    /// Calls `body` with group and value of each value of a column of whole numbers, dates, times, decimals
    /// or bools; false where the column has others.
    @inline(__always)
    static func eachInteger(_ column: Column, _ rows: Rows, _ body: (Int, Int128) -> Void) -> Bool {
        switch column.type {
        case .int64, .time64, .timestamp:
            let values = column.pointer(Int64.self)
            eachValue(column, rows) { body($0, Int128(values[$1])) }
        case .int32, .date32:
            let values = column.pointer(Int32.self)
            eachValue(column, rows) { body($0, Int128(values[$1])) }
        case .uint64:
            let values = column.pointer(UInt64.self)
            eachValue(column, rows) { body($0, Int128(values[$1])) }
        default:
            guard let reader = IntegerReader(column) else { return false }
            eachValue(column, rows) { body($0, reader[$1]) }
        }
        return true
    }

    /// The same for floats.
    @inline(__always)
    static func eachFloat(_ column: Column, _ rows: Rows, _ body: (Int, Double) -> Void) -> Bool {
        switch column.type {
        case .float64:
            let values = column.pointer(Double.self)
            eachValue(column, rows) { body($0, values[$1]) }
        case .float32:
            let values = column.pointer(Float.self)
            eachValue(column, rows) { body($0, Double(values[$1])) }
        default: return false
        }
        return true
    }
}
