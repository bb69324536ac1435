package import TenonJSON
internal import TenonModel

/// A value while an expression is evaluated: JSON's kinds, those that CEL has beyond them, and "not there".
package enum Value: Sendable {
    /// A path that leads nowhere; null where it is not asked for specially.
    case missing
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    /// A JSON number that none of the above carries exactly.
    case number(String)
    case string(String)
    case bytes([UInt8])
    case timestamp(Instant)
    /// In nanoseconds.
    case duration(Int64)
    /// What `type(x)` gives.
    case type(ValueType)
    /// CEL's optional values.
    indirect case optional(Value?)
    case custom(any CustomValue)
    case list([Value])
    case map([(key: Value, value: Value)])
    /// Lists and objects from outside stay as they are until somebody looks inside.
    case jsonList([JSON])
    case jsonObject(JSONObject)

    init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = .uint(value)
        case .double(let value): self = .double(value)
        case .number(let text): self = .number(text)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .jsonList(elements)
        case .object(let object): self = .jsonObject(object)
        }
    }

    /// As JSON: times and types are their texts, an optional is its value or null, bytes are read as UTF-8,
    /// and missing is null.
    package var json: JSON {
        switch self {
        case .missing, .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): Int64(exactly: value).map { .int($0) } ?? .uint(value)
        case .double(let value): .double(value)
        case .number(let text): .number(text)
        case .string(let text): .string(text)
        case .bytes(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .timestamp(let instant): .string(instant.text)
        case .duration(let nanoseconds): .string(DurationText.print(nanoseconds))
        case .type(let type): .string(type.name)
        case .optional(let value): value?.json ?? .null
        case .custom(let value): .string(value.text)
        case .list(let values): .array(values.map(\.json))
        case .map(let entries): .object(JSONObject(entries.map { ($0.key.text, $0.value.json) }))
        case .jsonList(let elements): .array(elements)
        case .jsonObject(let object): .object(object)
        }
    }

    /// Refuses what is too large to be written; before `json` or `text` copies what memory shares.
    func checkSize() throws(TenonError) {
        let meter = ValueMeter.measure(
            self, maxBytes: ExpressionLimits.outputBytes, maxDepth: ExpressionLimits.outputDepth)
        guard let meter else {
            throw TenonError(
                .expressionLimit,
                "a value is larger than \(ExpressionLimits.outputBytes) bytes, or deeper than "
                    + "\(ExpressionLimits.outputDepth) levels")
        }
        if let key = meter.repeatedKey {
            throw TenonError(.expressionFailed, "two keys of a map are both \(key) as JSON")
        }
    }

    /// As a template joins it: strings as they are, everything else as JSON.
    var text: String {
        switch json {
        case .string(let text): text
        case let json: json.text
        }
    }

    /// As messages name it.
    package var typeName: String {
        switch self {
        case .missing, .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .number: "number"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .optional: "optional"
        case .custom(let value): value.typeName
        case .list, .jsonList: "list"
        case .map, .jsonObject: "map"
        }
    }

    /// The type with its article: "an int", "a string".
    var kind: String {
        let name = typeName
        return name == "int" || name == "optional" ? "an \(name)" : "a \(name)"
    }

    /// As messages show it: a short text of a scalar, of everything else what it is.
    ///
    /// Never a part of a longer text: what is secret in it is found, and hidden, only as a whole.
    var described: String {
        switch self {
        case .list, .jsonList, .map, .jsonObject, .optional, .bytes: return kind
        default: return Self.described(text)
        }
    }

    static func described(_ text: String) -> String {
        text.utf8.count <= maxDescribedBytes ? text : "a text of \(text.utf8.count) bytes"
    }

    static func quoted(_ text: String) -> String {
        text.utf8.count <= maxDescribedBytes ? "\"\(text)\"" : described(text)
    }

    private static let maxDescribedBytes = 60

    /// Whether it is either kind of map.
    var isMap: Bool {
        switch self {
        case .map, .jsonObject: true
        default: false
        }
    }

    var isNullOrMissing: Bool {
        switch self {
        case .missing, .null: true
        default: false
        }
    }

    /// Whether it is an optional without a value.
    var isNone: Bool { if case .optional(nil) = self { true } else { false } }

    var isMissing: Bool { if case .missing = self { true } else { false } }

    /// The elements of either kind of list.
    package var elements: [Value]? {
        switch self {
        case .list(let values): values
        case .jsonList(let elements): elements.map(Value.init)
        default: nil
        }
    }

    /// How many elements or entries a list or a map has.
    var memberCount: Int? {
        switch self {
        case .list(let values): values.count
        case .jsonList(let elements): elements.count
        case .map(let entries): entries.count
        case .jsonObject(let object): object.count
        default: nil
        }
    }

    /// The keys of either kind of map.
    var keys: [Value]? {
        switch self {
        case .map(let entries): entries.map(\.key)
        case .jsonObject(let object): object.members.map { .string($0.key) }
        default: nil
        }
    }

    /// The entries of either kind of map.
    package var entries: [(key: Value, value: Value)]? {
        switch self {
        case .map(let entries): entries
        case .jsonObject(let object): object.members.map { (.string($0.key), Value($0.value)) }
        default: nil
        }
    }

    /// The member of a map by a string key.
    func member(_ name: String) -> Value? {
        switch self {
        case .jsonObject(let object): object[name].map(Value.init)
        case .map: entry(.string(name))
        default: nil
        }
    }

    /// The value of a map's entry.
    func entry(_ key: Value) -> Value? {
        switch (self, key) {
        case (.jsonObject(let object), .string(let name)): object[name].map(Value.init)
        case (.map(let entries), _): entries.first { Comparison.areEqual($0.key, key) }?.value
        default: nil
        }
    }

    /// The integer, also of a double without fraction.
    var wholeNumber: Int? {
        switch self {
        case .int(let value): Int(exactly: value)
        case .uint(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }
}
