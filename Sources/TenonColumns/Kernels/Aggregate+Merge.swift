package import TenonModel

/// Two halves of a stream may be aggregated side by side and put together afterwards.
extension Aggregate {
    /// Adds what `other` collected over records that come after this one's: its group i is `groups[i]` here.
    /// Sums of integers stay exact; those of floats are added half by half.
    package func merge(_ other: Aggregate, groups: [Int32], groupCount: Int) throws(TenonError) {
        reserve(groupCount)
        other.reserve(groups.count)
        if let distinct, let others = other.distinct {
            return try merge(others, into: distinct, groups)
        }
        hasOverflowed = hasOverflowed || other.hasOverflowed
        for (theirs, group) in groups.enumerated() where other.counts[theirs] > 0 {
            let mine = Int(group)
            switch operation {
            case .count, .countDistinct: break
            case .sum, .avg: add(other, theirs, to: mine)
            case .min, .max, .first, .last: choose(other, theirs, in: mine)
            }
            counts[mine] += other.counts[theirs]
        }
        try checkTexts()
    }

    private func add(_ other: Aggregate, _ theirs: Int, to mine: Int) {
        if type.isFloat {
            floats[mine] += other.floats[theirs]
        } else {
            let (sum, overflow) = integers[mine].addingReportingOverflow(other.integers[theirs])
            integers[mine] = sum
            hasOverflowed = hasOverflowed || overflow
        }
    }

    private func choose(_ other: Aggregate, _ theirs: Int, in mine: Int) {
        let isFirst = counts[mine] == 0
        if type.isFloat {
            let value = other.floats[theirs]
            // As when rows are added: NaN stays only where there is nothing else.
            let isEmpty = isFirst || operation.isExtreme && floats[mine].isNaN
            if Self.replaces(operation, isEmpty, isLess: value < floats[mine], value > floats[mine]) {
                floats[mine] = value
            }
        } else if type.layout == .variable {
            let value = other.texts[theirs]
            let order = value.withUnsafeBytes { value in
                texts[mine].withUnsafeBytes { ByteOrder.compare(value, $0) }
            }
            if Self.replaces(operation, isFirst, isLess: order < 0, order > 0) {
                textByteCount += value.count - texts[mine].count
                texts[mine] = value
            }
        } else {
            let value = other.integers[theirs]
            let isLess = value < integers[mine]
            if Self.replaces(operation, isFirst, isLess: isLess, !isLess) { integers[mine] = value }
        }
    }

    /// The keys begin with the number of the group.
    private func merge(
        _ others: KeyTable, into distinct: KeyTable, _ groups: [Int32]
    ) throws(TenonError) {
        var key: [UInt8] = []
        var hasRoom = true
        others.forEach { other in
            let group = groups[Int(other.loadUnaligned(as: Int32.self))]
            key.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: group) { key.append(contentsOf: $0) }
            key.append(contentsOf: other.dropFirst(MemoryLayout<Int32>.size))
            let (number, isNew) = key.withUnsafeBytes { distinct.number(of: $0) }
            if number < 0 { hasRoom = false }
            if isNew { counts[Int(group)] += 1 }
        }
        guard hasRoom else { throw tooManyValues() }
    }
}
