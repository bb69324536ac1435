internal import TenonConnectorKit

/// The text of a value, as CSV has it, as a value of JSON.
enum LateText {
    /// Writes what reading the text as a value of `kind` and writing that would give, and answers how many
    /// bytes it has; 0 where it is no such value.
    static func write(
        _ text: UnsafeRawBufferPointer, as kind: ColumnKind, to end: UnsafeMutablePointer<UInt8>
    ) -> Int {
        switch kind {
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64:
            integer(text, kind, to: end)
        case .float32, .float64: float(text, to: end)
        case .bool:
            ValueShape.isBool(text) ? ValueText.word(text.count == 4 ? "true" : "false", to: end) : 0
        case .date32:
            quoted(end) { TimeText.date32(text).map { TimeText.write(date32: $0, to: end + 1) } }
        case .time64:
            quoted(end) { TimeText.time64(text).map { TimeText.write(time64: $0, to: end + 1) } }
        case .timestamp(let isUTC):
            quoted(end) {
                TimeText.timestamp(text, isUTC: isUTC).map {
                    TimeText.write(timestamp: $0, isUTC: isUTC, to: end + 1)
                }
            }
        case .decimal128: isNumber(text) ? JSONText.quote(text, to: end) : 0
        case .json: isJSON(text) ? JSONText.joined(text, to: end) : 0
        case .utf8, .binary: JSONText.quote(text, to: end)
        case .null: 0
        }
    }

    private static func quoted(_ end: UnsafeMutablePointer<UInt8>, _ write: () -> Int?) -> Int {
        guard let count = write() else { return 0 }
        end.pointee = UInt8(ascii: "\"")
        end[count + 1] = UInt8(ascii: "\"")
        return count + 2
    }

    private static func integer(
        _ text: UnsafeRawBufferPointer, _ kind: ColumnKind, to end: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if kind == .uint64, let value = NumberText.uint64(text) { return NumberText.write(value, to: end) }
        guard let value = TypedText.int64(text), range(of: kind).contains(value) else { return 0 }
        return NumberText.write(value, to: end)
    }

    private static func range(of kind: ColumnKind) -> ClosedRange<Int64> {
        switch kind {
        case .int8: Int64(Int8.min)...Int64(Int8.max)
        case .int16: Int64(Int16.min)...Int64(Int16.max)
        case .int32: Int64(Int32.min)...Int64(Int32.max)
        case .uint8: 0...Int64(UInt8.max)
        case .uint16: 0...Int64(UInt16.max)
        case .uint32: 0...Int64(UInt32.max)
        case .uint64: 0...Int64.max
        default: Int64.min...Int64.max
        }
    }

    /// A number of JSON stays as it was written; others, such as ".5", are written anew.
    private static func float(_ text: UnsafeRawBufferPointer, to end: UnsafeMutablePointer<UInt8>) -> Int {
        if isNumber(text), isSurelyFinite(text), let base = text.baseAddress {
            UnsafeMutableRawPointer(end).copyMemory(from: base, byteCount: text.count)
            return text.count
        }
        guard let value = NumberText.double(text), value.isFinite else { return 0 }
        return NumberText.write(value, to: end)
    }

    /// A float64 holds 308 digits; with an exponent, the value must be looked at.
    private static func isSurelyFinite(_ text: UnsafeRawBufferPointer) -> Bool {
        if text.count <= 300, !text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return true }
        return NumberText.double(text)?.isFinite ?? false
    }

    private static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(text)
        // `try?`: whether it fails is the question, here and below.
        guard let token = try? scanner.number() else { return false }
        return token.end == text.count
    }

    private static func isJSON(_ text: UnsafeRawBufferPointer) -> Bool {
        var scanner = JSONScanner(text)
        guard (try? scanner.value(maxDepth: 128)) != nil else { return false }
        return scanner.isAtEnd()
    }
}
