internal import TenonColumns

extension ColumnEvaluator {
    /// A row is decided by an operand that is sure where all before it are sure, too: an operand that the rows
    /// must evaluate may end the evaluation.
    mutating func decided(_ operands: [ColumnNode], by decisive: Bool) -> Vector {
        var isDecided = Array(repeating: false, count: count)
        var unsure: RowMask?
        for operand in operands {
            // Nothing is left that another operand could change.
            if !isDecided.contains(false) { break }
            let operand = vector(operand)
            let truths = operand.truths(count: count)
            let before = unsure
            if let new = operand.unsure {
                var merged = unsure ?? Array(repeating: false, count: count)
                for row in merged.indices where new[row] && !isDecided[row] { merged[row] = true }
                unsure = merged
            }
            for row in truths.indices where truths[row] == decisive {
                if before?[row] != true, operand.unsure?[row] != true { isDecided[row] = true }
            }
        }
        let values = decisive ? isDecided : isDecided.map { !$0 }
        return Vector(values: .bools(.each(values)), unsure: unsure)
    }

    mutating func choice(_ condition: Vector, _ first: Vector, _ second: Vector) -> Vector {
        let takesFirst = condition.truths(count: count)
        return selected(takesFirst, first, second, unsure: condition.unsure)
    }

    /// `right` is worked out only where a row may need it.
    mutating func coalesced(_ left: Vector, _ right: ColumnNode) -> Vector {
        guard left.nulls != nil else { return left }
        let takesLeft = RowMasks.lane(left.nulls).values(count: count).map { !$0 }
        return selected(takesLeft, left, vector(right), unsure: left.unsure)
    }

    private mutating func selected(
        _ takesFirst: [Bool], _ first: Vector, _ second: Vector, unsure: RowMask?
    ) -> Vector {
        let values: Vector.Values
        switch (first.values, second.values) {
        case (.bools(let first), .bools(let second)): values = .bools(pick(takesFirst, first, second))
        case (.ints(let first), .ints(let second)): values = .ints(pick(takesFirst, first, second))
        case (.doubles(let first), .doubles(let second)): values = .doubles(pick(takesFirst, first, second))
        case (.texts(let first), .texts(let second)):
            guard let column = VectorTexts.picked(takesFirst, first, second, &budget) else {
                return .unsure(.text, count: count)
            }
            values = .texts(.each(column))
        default: return .unsure(.bool, count: count)
        }
        let own = pick(takesFirst, first.unsure, second.unsure)
        return Vector(
            values: values, nulls: pick(takesFirst, first.nulls, second.nulls),
            unsure: RowMasks.union(unsure, own))
    }

    private func pick<Element>(
        _ takesFirst: [Bool], _ first: Lane<Element>, _ second: Lane<Element>
    ) -> Lane<Element> {
        let (first, second) = (first.values(count: count), second.values(count: count))
        return .each(takesFirst.indices.map { takesFirst[$0] ? first[$0] : second[$0] })
    }

    private func pick(_ takesFirst: [Bool], _ first: RowMask?, _ second: RowMask?) -> RowMask? {
        guard first != nil || second != nil else { return nil }
        return takesFirst.indices.map { takesFirst[$0] ? first?[$0] ?? false : second?[$0] ?? false }
    }
}
