import Foundation
import TenonExpression
import TenonJSON
import TenonModel

/// The typed values of the suite's files: one key for the type, and its value.
enum CELValue {
    static func value(of json: JSON) throws(CELCaseError) -> Value {
        guard let object = json.object, object.count == 1, let (kind, content) = object.members.first else {
            throw CELCaseError(reason: "a value of unknown form")
        }
        switch kind {
        case "null": return .null
        case "bool": if let value = content.bool { return .bool(value) }
        case "string": if let value = content.string { return .string(value) }
        case "list": return .list(try list(content))
        case "map": return .map(try map(content))
        default: if let value = content.string.flatMap({ scalar(kind, $0) }) { return value }
        }
        throw CELCaseError(reason: "a value of unknown form: \(kind)")
    }

    private static func scalar(_ kind: String, _ text: String) -> Value? {
        switch kind {
        case "int": Int64(text).map { .int($0) }
        case "uint": UInt64(text).map { .uint($0) }
        case "double": Double(text).map { .double($0) }
        case "bytes": Data(base64Encoded: text).map { .bytes([UInt8]($0)) }
        case "type": .type(ValueType(name: text))
        case "timestamp", "duration": evaluated("\(kind)('\(text)')")
        default: nil
        }
    }

    /// The suite writes times as expressions do.
    private static func evaluated(_ text: String) -> Value? {
        do throws(TenonError) {
            return try Expression.compile(text, mode: .strict).typedValue(ObjectScope([:]))
        } catch { return nil }
    }

    private static func list(_ json: JSON) throws(CELCaseError) -> [Value] {
        var values: [Value] = []
        for element in json.array ?? [] { values.append(try value(of: element)) }
        return values
    }

    private static func map(_ json: JSON) throws(CELCaseError) -> [(key: Value, value: Value)] {
        var entries: [(key: Value, value: Value)] = []
        for entry in json.array ?? [] {
            guard let key = entry[0], let content = entry[1] else {
                throw CELCaseError(reason: "a map's entry of unknown form")
            }
            entries.append((try value(of: key), try value(of: content)))
        }
        return entries
    }

    /// The same type and value; any NaN is the same as another, maps are compared without order.
    static func areSame(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.int(let left), .int(let right)): return left == right
        case (.uint(let left), .uint(let right)): return left == right
        case (.double(let left), .double(let right)):
            return left.isNaN ? right.isNaN : left == right && left.sign == right.sign
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.type(let left), .type(let right)): return left == right
        default: break
        }
        if let left = left.elements, let right = right.elements {
            return left.count == right.count && zip(left, right).allSatisfy { areSame($0, $1) }
        }
        guard let left = left.entries, let right = right.entries, left.count == right.count else {
            return false
        }
        return left.allSatisfy { entry in
            right.contains { areSame($0.key, entry.key) && areSame($0.value, entry.value) }
        }
    }

    /// With its type, for people.
    static func text(_ value: Value) -> String { "\(value.typeName) \(value.json.text)" }
}
