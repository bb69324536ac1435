internal import TenonBatches
internal import TenonConnectorKit

/// A condition on one column, worked out for its type once. The rules are those of pipelines: null equals
/// nothing, and what is not equal includes null.
enum FieldTest: Sendable {
    case isNull
    case text(TextTest)
    /// Whole numbers, dates and times.
    case integers(ClosedRange<Int64>, Moment)
    case integerSet(Set<Int64>, Moment)
    case floats(low: Double, high: Double)
    case floatSet([Double])
    case bool(Bool)
    case nothing

    /// How a text is read as a whole number.
    enum Moment: Sendable { case number, date, time, timestamp(isUTC: Bool) }

    enum TextTest: Sendable {
        case equals(TextLiteral)
        case oneOf([TextLiteral])
        case contains([UInt8])
        case startsWith([UInt8])
        case endsWith([UInt8])
        case range(low: [UInt8]?, high: [UInt8]?, includesLow: Bool, includesHigh: Bool)
    }

    /// What came of a test; `bad` where the text is none of the column's type.
    enum Outcome { case holds, fails, bad }

    /// Tests a value that is not null; 16 bytes can be read at its start.
    func outcome(_ value: UnsafeRawBufferPointer) -> Outcome {
        switch self {
        case .isNull, .nothing: return .fails
        case .text(let test): return test.holds(value) ? .holds : .fails
        case .integers(let range, let moment):
            guard let number = moment.value(value) else { return .bad }
            return range.contains(number) ? .holds : .fails
        case .integerSet(let set, let moment):
            guard let number = moment.value(value) else { return .bad }
            return set.contains(number) ? .holds : .fails
        case .floats(let low, let high):
            guard let number = TypedText.double(value) else { return .bad }
            return number >= low && number <= high ? .holds : .fails
        case .floatSet(let set):
            guard let number = TypedText.double(value) else { return .bad }
            return set.contains(number) ? .holds : .fails
        case .bool(let wanted):
            guard let bool = TypedText.bool(value) else { return .bad }
            return bool == wanted ? .holds : .fails
        }
    }
}

extension FieldTest.Moment {
    @inline(__always)
    func value(_ text: UnsafeRawBufferPointer) -> Int64? {
        switch self {
        case .number: TypedText.int64(text)
        case .date: TypedText.date(text).map { Int64($0) }
        case .time: TypedText.time(text)
        case .timestamp(let isUTC): TypedText.timestamp(text, isUTC: isUTC)
        }
    }
}

extension FieldTest.TextTest {
    func holds(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let base = value.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
        switch self {
        case .equals(let literal): return literal.equals(base, value.count)
        case .oneOf(let literals): return literals.contains { $0.equals(base, value.count) }
        case .contains(let part): return Self.contains(value, part)
        case .startsWith(let part): return value.starts(with: part)
        case .endsWith(let part):
            return value.count >= part.count && value.suffix(part.count).elementsEqual(part)
        case .range(let low, let high, let includesLow, let includesHigh):
            if let low {
                let order = Self.order(value, low)
                guard order > 0 || includesLow && order == 0 else { return false }
            }
            if let high {
                let order = Self.order(value, high)
                guard order < 0 || includesHigh && order == 0 else { return false }
            }
            return true
        }
    }

    private static func contains(_ value: UnsafeRawBufferPointer, _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        var position = 0
        while let found = ByteSearch.first(first, in: value, from: position) {
            guard found + part.count <= value.count else { return false }
            if value[found..<found + part.count].elementsEqual(part) { return true }
            position = found + 1
        }
        return false
    }

    /// By bytes, which is the order of scalars too.
    private static func order(_ value: UnsafeRawBufferPointer, _ other: [UInt8]) -> Int {
        let common = min(value.count, other.count)
        for index in 0..<common where value[index] != other[index] {
            return value[index] < other[index] ? -1 : 1
        }
        return value.count - other.count
    }
}
