/// A test of the rows of one column, worked out for its type once, before the first row.
///
/// Comparisons are intervals: `x > 5` over integers is 6...max, so one loop serves them all.
package indirect enum ColumnPredicate: Sendable {
    case nothing
    /// Integers, dates, times, and decimals by their unscaled value.
    case integers(ClosedRange<Int128>)
    case floats(low: Double, high: Double)
    case integerSet(Set<Int128>)
    case floatSet(Set<Double>)
    case bool(Bool)
    case text(low: [UInt8]?, high: [UInt8]?, includesLow: Bool, includesHigh: Bool)
    case textSet(TextSet)
    case textPart([UInt8], TextPart)
    case isNull
    /// True where the other is not, so also for null.
    case not(ColumnPredicate)
}

extension ColumnPredicate {
    /// Nil where values of `type` and the literal cannot be compared.
    package static func comparison(
        _ kind: ComparisonKind, _ literal: Literal, type: ColumnType
    ) -> ColumnPredicate? {
        if type == .null { return .nothing }
        if type.isFloat { return literal.double.map { floats(kind, $0) } }
        if type == .utf8 { return text(kind, literal) }
        if type == .bool {
            guard kind == .equal, case .bool(let value) = literal else { return nil }
            return .bool(value)
        }
        guard let (below, above) = neighbours(literal, type) else { return nil }
        switch kind {
        case .equal: return below == above ? .integers(below...below) : .nothing
        case .less: return .integers(.min...above.saturated(minus: 1))
        case .lessOrEqual: return .integers(.min...below)
        case .greater: return .integers(below.saturated(plus: 1) ... .max)
        case .greaterOrEqual: return .integers(above ... .max)
        }
    }

    /// Both ends included. Nil where they cannot be compared with `type`.
    package static func between(_ low: Literal, _ high: Literal, type: ColumnType) -> ColumnPredicate? {
        guard let from = comparison(.greaterOrEqual, low, type: type),
            let to = comparison(.lessOrEqual, high, type: type)
        else { return nil }
        switch (from, to) {
        case (.integers(let from), .integers(let to)):
            return from.lowerBound <= to.upperBound ? .integers(from.lowerBound...to.upperBound) : .nothing
        case (.floats(let low, _), .floats(_, let high)): return .floats(low: low, high: high)
        case (.text(let low, _, _, _), .text(_, let high, _, _)):
            return .text(low: low, high: high, includesLow: true, includesHigh: true)
        default: return .nothing
        }
    }

    /// True for each of the values. Nil where one cannot be compared with `type`.
    package static func member(of literals: [Literal], type: ColumnType) -> ColumnPredicate? {
        var integers: Set<Int128> = []
        var floats: Set<Double> = []
        var texts: [String] = []
        var bools: Set<Bool> = []
        for literal in literals {
            switch comparison(.equal, literal, type: type) {
            case nil: return nil
            case .integers(let range): integers.insert(range.lowerBound)
            case .floats(let value, _): floats.insert(value)
            case .bool(let value): bools.insert(value)
            case .text: if case .text(let text) = literal { texts.append(text) }
            default: break
            }
        }
        if !integers.isEmpty { return .integerSet(integers) }
        if !floats.isEmpty { return .floatSet(floats) }
        if !texts.isEmpty { return .textSet(TextSet(texts)) }
        if let first = bools.first { return bools.count == 2 ? .not(.isNull) : .bool(first) }
        return .nothing
    }

    private static func floats(_ kind: ComparisonKind, _ value: Double) -> ColumnPredicate {
        switch kind {
        case .equal: .floats(low: value, high: value)
        case .less: .floats(low: -.infinity, high: value == -.infinity ? .nan : value.nextDown)
        case .lessOrEqual: .floats(low: -.infinity, high: value)
        case .greater: .floats(low: value == .infinity ? .nan : value.nextUp, high: .infinity)
        case .greaterOrEqual: .floats(low: value, high: .infinity)
        }
    }

    private static func text(_ kind: ComparisonKind, _ literal: Literal) -> ColumnPredicate? {
        guard case .text(let text) = literal else { return nil }
        let bytes = Array(text.utf8)
        return switch kind {
        case .equal: .text(low: bytes, high: bytes, includesLow: true, includesHigh: true)
        case .less: .text(low: nil, high: bytes, includesLow: true, includesHigh: false)
        case .lessOrEqual: .text(low: nil, high: bytes, includesLow: true, includesHigh: true)
        case .greater: .text(low: bytes, high: nil, includesLow: false, includesHigh: true)
        case .greaterOrEqual: .text(low: bytes, high: nil, includesLow: true, includesHigh: true)
        }
    }

    private static func neighbours(_ literal: Literal, _ type: ColumnType) -> (below: Int128, above: Int128)?
    {
        switch type {
        case .date32, .time64, .timestamp: return literal.moment(type).map { ($0, $0) }
        case .decimal128(_, let scale):
            if case .text(let text) = literal { return Literal.integers(text, scale: scale) }
            return literal.integers(scale: scale)
        case _ where type.isInteger: return literal.integers(scale: 0)
        default: return nil
        }
    }
}

extension Int128 {
    fileprivate func saturated(plus other: Int128) -> Int128 { self > .max - other ? .max : self + other }
    fileprivate func saturated(minus other: Int128) -> Int128 { self < .min + other ? .min : self - other }
}

/// Texts that rows are looked up in.
package struct TextSet: Sendable {
    // Only read once it is made.
    nonisolated(unsafe) let table: KeyTable

    init(_ texts: [String]) {
        table = KeyTable(maxCount: .max, maxBytes: .max)
        for text in texts {
            var text = text
            text.withUTF8 { _ = table.number(of: UnsafeRawBufferPointer($0)) }
        }
    }
}
