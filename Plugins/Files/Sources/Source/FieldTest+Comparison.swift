internal import TenonBatches
internal import TenonConnectorKit

/// One condition of a pushed filter.
struct FilterTerm: Sendable {
    /// Of the announced columns.
    let column: Int
    let test: FieldTest
    /// The opposite is wanted, null included.
    let isNegated: Bool

    /// The text that is to be equal, where it is short and the test is nothing else.
    var shortText: ShortText? {
        guard case .text(.equals(let literal)) = test, literal.count > 0,
            literal.count <= TextLiteral.maxShortBytes
        else { return nil }
        return literal.short
    }

    /// Nil where this reader cannot follow the comparison to the letter.
    init?(_ comparison: Comparison, _ columns: [ColumnDescription]) {
        guard let column = columns.firstIndex(where: { $0.name == comparison.column }) else { return nil }
        self.column = column
        let value = comparison.value
        switch comparison.operator {
        case "isNull", "exists":
            test = .isNull
            isNegated = (value.bool ?? true) == (comparison.operator == "exists")
            return
        default: break
        }
        guard let test = FieldTest(comparison.operator, value, columns[column].kind) else { return nil }
        self.test = test
        isNegated = comparison.operator == "notEquals" || comparison.operator == "notIn"
    }
}

extension FieldTest {
    init?(_ name: String, _ value: JSONValue, _ kind: ColumnKind) {
        switch name {
        case "in", "notIn":
            guard let test = Self.member(value.array ?? [], kind) else { return nil }
            self = test
        case "between":
            guard let ends = value.array, ends.count == 2,
                let low = Self.ordered("greaterOrEqual", ends[0], kind),
                let high = Self.ordered("lessOrEqual", ends[1], kind),
                let both = Self.both(low, high)
            else { return nil }
            self = both
        case "contains", "startsWith", "endsWith":
            guard kind == .utf8, let part = value.string.map({ Array($0.utf8) }) else { return nil }
            switch name {
            case "contains": self = .text(.contains(part))
            case "startsWith": self = .text(.startsWith(part))
            default: self = .text(.endsWith(part))
            }
        default:
            guard let test = Self.ordered(name, value, kind) else { return nil }
            self = test
        }
    }

    private static func ordered(_ name: String, _ value: JSONValue, _ kind: ColumnKind) -> FieldTest? {
        let isKnown = [
            "equals", "notEquals", "greaterThan", "greaterOrEqual", "lessThan", "lessOrEqual",
        ].contains(name)
        guard isKnown else { return nil }
        if value.isNull { return .nothing }
        switch kind {
        case .utf8: return value.string.map { .text(text(name, Array($0.utf8))) }
        case .float64: return value.double.map { floats(name, $0) }
        case .bool:
            guard name == "equals" || name == "notEquals" else { return nil }
            return value.bool.map { .bool($0) }
        case .int8, .int16, .int32, .int64:
            guard case .int(let number) = value else { return nil }
            return integers(name, number, .number)
        case .date32, .time64, .timestamp:
            guard let moment = moment(kind), let text = value.string else { return nil }
            let number = Array(text.utf8).withUnsafeBytes { moment.value($0) }
            return number.flatMap { integers(name, $0, moment) }
        default: return nil
        }
    }

    private static func moment(_ kind: ColumnKind) -> Moment? {
        switch kind {
        case .int8, .int16, .int32, .int64: .number
        case .date32: .date
        case .time64: .time
        case .timestamp(let isUTC): .timestamp(isUTC: isUTC)
        default: nil
        }
    }

    private static func integers(_ name: String, _ number: Int64, _ moment: Moment) -> FieldTest {
        switch name {
        case "greaterThan": number == .max ? .nothing : .integers(number + 1 ... .max, moment)
        case "greaterOrEqual": .integers(number ... .max, moment)
        case "lessThan": number == .min ? .nothing : .integers(.min...number - 1, moment)
        case "lessOrEqual": .integers(.min...number, moment)
        default: .integers(number...number, moment)
        }
    }

    private static func floats(_ name: String, _ number: Double) -> FieldTest {
        switch name {
        case "greaterThan":
            .floats(low: number == .infinity ? .nan : number.nextUp, high: .infinity)
        case "greaterOrEqual": .floats(low: number, high: .infinity)
        case "lessThan": .floats(low: -.infinity, high: number == -.infinity ? .nan : number.nextDown)
        case "lessOrEqual": .floats(low: -.infinity, high: number)
        default: .floats(low: number, high: number)
        }
    }

    private static func text(_ name: String, _ bytes: [UInt8]) -> TextTest {
        switch name {
        case "greaterThan": .range(low: bytes, high: nil, includesLow: false, includesHigh: true)
        case "greaterOrEqual": .range(low: bytes, high: nil, includesLow: true, includesHigh: true)
        case "lessThan": .range(low: nil, high: bytes, includesLow: true, includesHigh: false)
        case "lessOrEqual": .range(low: nil, high: bytes, includesLow: true, includesHigh: true)
        default: .equals(TextLiteral(bytes))
        }
    }

    private static func both(_ low: FieldTest, _ high: FieldTest) -> FieldTest? {
        switch (low, high) {
        case (.integers(let from, let moment), .integers(let to, _)):
            from.lowerBound <= to.upperBound ? .integers(from.lowerBound...to.upperBound, moment) : .nothing
        case (.floats(let low, _), .floats(_, let high)): .floats(low: low, high: high)
        case (.text(.range(let low, _, _, _)), .text(.range(_, let high, _, _))):
            .text(.range(low: low, high: high, includesLow: true, includesHigh: true))
        // A null at either end: nothing lies between.
        case (.nothing, _), (_, .nothing): .nothing
        default: nil
        }
    }

    private static func member(_ values: [JSONValue], _ kind: ColumnKind) -> FieldTest? {
        var integers: Set<Int64> = []
        var floats: [Double] = []
        var texts: [TextLiteral] = []
        var bools: Set<Bool> = []
        for value in values where !value.isNull {
            switch ordered("equals", value, kind) {
            case .integers(let range, _): integers.insert(range.lowerBound)
            case .floats(let low, _): floats.append(low)
            case .text(.equals(let literal)): texts.append(literal)
            case .bool(let value): bools.insert(value)
            default: return nil
            }
        }
        if !integers.isEmpty { return moment(kind).map { .integerSet(integers, $0) } }
        if !floats.isEmpty { return .floatSet(floats) }
        if !texts.isEmpty { return .text(.oneOf(texts)) }
        // Both values: a bool that is one of them, so the opposite of null.
        if let first = bools.first { return bools.count == 2 ? nil : .bool(first) }
        return .nothing
    }
}
