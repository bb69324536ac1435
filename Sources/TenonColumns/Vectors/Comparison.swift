/// Comparisons over rows. Not-a-number compares false with everything.
package enum VectorComparison {
    package static func integers(
        _ kind: ComparisonKind, _ left: Lane<Int64>, _ right: Lane<Int64>, count: Int
    ) -> Lane<Bool> {
        compare(kind, left, right, count)
    }

    package static func doubles(
        _ kind: ComparisonKind, _ left: Lane<Double>, _ right: Lane<Double>, count: Int
    ) -> Lane<Bool> {
        compare(kind, left, right, count)
    }

    @inline(__always)
    private static func compare<T: Comparable & BitwiseCopyable & Sendable>(
        _ kind: ComparisonKind, _ left: Lane<T>, _ right: Lane<T>, _ count: Int
    ) -> Lane<Bool> {
        switch kind {
        case .equal: Lane<T>.combined(left, right, count: count) { $0 == $1 }
        case .less: Lane<T>.combined(left, right, count: count) { $0 < $1 }
        case .lessOrEqual: Lane<T>.combined(left, right, count: count) { $0 <= $1 }
        case .greater: Lane<T>.combined(left, right, count: count) { $0 > $1 }
        case .greaterOrEqual: Lane<T>.combined(left, right, count: count) { $0 >= $1 }
        }
    }

    /// False before true.
    package static func bools(
        _ kind: ComparisonKind, _ left: Lane<Bool>, _ right: Lane<Bool>, count: Int
    ) -> Lane<Bool> {
        let left = left.map { UInt8($0 ? 1 : 0) }
        let right = right.map { UInt8($0 ? 1 : 0) }
        return compare(kind, left, right, count)
    }

    // MARK: Texts

    /// Texts by their bytes. Both columns have `count` rows; those of null rows mean nothing.
    package static func texts(
        _ kind: ComparisonKind, _ left: TextLane, _ right: TextLane, count: Int
    ) -> [Bool] {
        switch (left, right) {
        case (.each(let column), .same(let text)):
            return text.withUnsafeBytes { text in
                compared(kind, count) { (column.bytes(at: $0), text) }
            }
        case (.same(let text), .each(let column)):
            return text.withUnsafeBytes { text in
                compared(kind, count) { (text, column.bytes(at: $0)) }
            }
        case (.each(let left), .each(let right)):
            return compared(kind, count) { (left.bytes(at: $0), right.bytes(at: $0)) }
        case (.same(let left), .same(let right)):
            return left.withUnsafeBytes { left in
                right.withUnsafeBytes { right in compared(kind, count) { _ in (left, right) } }
            }
        }
    }

    @inline(__always)
    private static func compared(
        _ kind: ComparisonKind, _ count: Int,
        _ texts: (Int) -> (UnsafeRawBufferPointer, UnsafeRawBufferPointer)
    ) -> [Bool] {
        [Bool](unsafeUninitializedCapacity: count) { target, used in
            for row in 0..<count {
                let (left, right) = texts(row)
                let holds =
                    switch kind {
                    case .equal: ByteOrder.isEqual(left, right)
                    case .less: ByteOrder.compare(left, right) < 0
                    case .lessOrEqual: ByteOrder.compare(left, right) <= 0
                    case .greater: ByteOrder.compare(left, right) > 0
                    case .greaterOrEqual: ByteOrder.compare(left, right) >= 0
                    }
                target.initializeElement(at: row, to: holds)
            }
            used = count
        }
    }
}
