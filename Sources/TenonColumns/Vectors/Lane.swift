/// The values of one operand for a run of rows.
package enum Lane<Element: Sendable & BitwiseCopyable>: Sendable {
    case each([Element])
    /// The same for every row.
    case same(Element)

    /// One value a row.
    package func values(count: Int) -> [Element] {
        switch self {
        case .each(let values): values
        case .same(let value): Array(repeating: value, count: count)
        }
    }

    /// `body` of each value; once where they are all the same.
    @inline(__always)
    func map<Result: BitwiseCopyable>(_ body: (Element) -> Result) -> Lane<Result> {
        switch self {
        case .same(let value): return .same(body(value))
        case .each(let values):
            return .each(
                [Result](unsafeUninitializedCapacity: values.count) { target, used in
                    values.withUnsafeBufferPointer { values in
                        for index in values.indices {
                            target.initializeElement(at: index, to: body(values[index]))
                        }
                    }
                    used = values.count
                })
        }
    }

    /// `body` of the values of two operands, of `count` rows. Both are as long as that where they differ by row.
    @inline(__always)
    static func combined<Other, Result: BitwiseCopyable>(
        _ left: Lane<Element>, _ right: Lane<Other>, count: Int, _ body: (Element, Other) -> Result
    ) -> Lane<Result> {
        switch (left, right) {
        case (.same(let left), .same(let right)): return .same(body(left, right))
        case (.each(let left), .same(let right)):
            return Lane.each(left).map { body($0, right) }
        case (.same(let left), .each(let right)):
            return Lane<Other>.each(right).map { body(left, $0) }
        case (.each(let left), .each(let right)):
            let count = min(count, left.count, right.count)
            return .each(
                [Result](unsafeUninitializedCapacity: count) { target, used in
                    left.withUnsafeBufferPointer { left in
                        right.withUnsafeBufferPointer { right in
                            for index in 0..<count {
                                target.initializeElement(at: index, to: body(left[index], right[index]))
                            }
                        }
                    }
                    used = count
                })
        }
    }
}

/// Which rows something is true of; nil: none.
package typealias RowMask = [Bool]

/// Masks put together.
package enum RowMasks {
    /// Rows in either.
    package static func union(_ left: RowMask?, _ right: RowMask?) -> RowMask? {
        guard let left else { return right }
        guard let right else { return left }
        return zip(left, right).map { $0 || $1 }
    }

    /// As one bool a row.
    package static func lane(_ mask: RowMask?) -> Lane<Bool> { mask.map { .each($0) } ?? .same(false) }
}
