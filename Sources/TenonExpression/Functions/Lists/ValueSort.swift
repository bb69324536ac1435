internal import TenonModel

/// Puts values of one kind into order; equal ones stay as they were.
enum ValueSort {
    /// Throws where two elements have no order, such as a number and a text.
    static func sorted(_ values: [Value], _ context: inout CallContext) throws(TenonError) -> [Value] {
        let positions = try order(values, &context)
        return positions.map { values[$0] }
    }

    /// The positions of `keys` in their order.
    static func order(_ keys: [Value], _ context: inout CallContext) throws(TenonError) -> [Int] {
        guard let first = keys.first else { return [] }
        // About what sorting compares.
        try context.spend(keys.count * (Int.bitWidth - keys.count.leadingZeroBitCount))
        for key in keys { try context.spendComparing(key) }
        if let longest = keys.max(by: { $0.numberBytes < $1.numberBytes }) {
            try context.spendComparing(longest, times: keys.count)
        }
        for key in keys where Comparison.order(first, key) == .none || Comparison.order(key, key) == .none {
            throw context.mistake("\(first.kind) and \(key.kind) have no order")
        }
        return keys.indices.sorted { left, right in
            switch Comparison.order(keys[left], keys[right]) {
            case .less: true
            case .greater: false
            case .equal, .none: left < right
            }
        }
    }
}
