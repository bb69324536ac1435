internal import TenonBatches

/// A value of a definition that rows are compared with.
package enum Literal: Hashable, Sendable {
    case bool(Bool)
    /// Any number, as text: exact.
    case number(String)
    case text(String)
}

/// How two values are compared.
package enum ComparisonKind: Sendable {
    case equal, less, lessOrEqual, greater, greaterOrEqual
}

/// Where in a text another one is looked for.
package enum TextPart: Sendable { case anywhere, start, end }

extension Literal {
    /// The integers around this value times 10^scale; equal where it is one itself. Nil where the value is no
    /// number.
    func integers(scale: Int) -> (below: Int128, above: Int128)? {
        guard case .number(let text) = self else { return nil }
        return Self.integers(text, scale: scale)
    }

    static func integers(_ text: String, scale: Int) -> (below: Int128, above: Int128)? {
        var text = text
        return text.withUTF8 { Decimal128.around(UnsafeRawBufferPointer($0), scale: scale) }
    }

    var double: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    /// The value of a date, time or timestamp.
    func moment(_ type: ColumnType) -> Int128? {
        guard case .text(var text) = self else { return nil }
        return text.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            return switch type {
            case .date32: TimeText.date32(bytes).map { Int128($0) }
            case .time64: TimeText.time64(bytes).map { Int128($0) }
            case .timestamp(let isUTC): TimeText.timestamp(bytes, isUTC: isUTC).map { Int128($0) }
            default: nil
            }
        }
    }
}
