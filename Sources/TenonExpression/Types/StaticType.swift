/// What is known of a value before it is computed, by the types of CEL.
///
/// In host mode null belongs to every type, and `number` is an int, a uint or a double.
package indirect enum StaticType: Hashable, Sendable {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case number
    case string
    case bytes
    case timestamp
    case duration
    case type(StaticType)
    case list(StaticType)
    case map(StaticType, StaticType)
    /// A type with a name and parameters of its own, such as `optional_type(int)` and `net.IP`.
    case abstract(String, [StaticType])
    /// A type that use decides: a parameter of a signature, or the element of an empty list.
    case parameter(Int)

    static func optional(_ content: StaticType) -> StaticType { .abstract("optional_type", [content]) }

    /// What an optional holds; nil where it is none.
    var optionalContent: StaticType? {
        if case .abstract("optional_type", let contents) = self { contents.first } else { nil }
    }

    var parameters: [StaticType] {
        switch self {
        case .type(let inner), .list(let inner): [inner]
        case .map(let key, let value): [key, value]
        case .abstract(_, let parameters): parameters
        default: []
        }
    }

    /// The same type with each of its parameters changed.
    func mapParameters(_ change: (StaticType) -> StaticType) -> StaticType {
        switch self {
        case .type(let inner): .type(change(inner))
        case .list(let inner): .list(change(inner))
        case .map(let key, let value): .map(change(key), change(value))
        case .abstract(let name, let parameters): .abstract(name, parameters.map(change))
        default: self
        }
    }

    var isNumber: Bool {
        switch self {
        case .int, .uint, .double, .number: true
        default: false
        }
    }

    /// Whether values of any kind may be behind it.
    var isOpen: Bool {
        switch self {
        case .dyn, .parameter: true
        default: false
        }
    }

    /// Whether it can be true or false, or null in host mode.
    var mayBeBool: Bool { isOpen || self == .bool || self == .null }

    /// The type, or dyn where it has so many parts that looking at it takes long.
    var bounded: StaticType {
        var partsLeft = 200
        return isLarge(&partsLeft) ? .dyn : self
    }

    private func isLarge(_ partsLeft: inout Int) -> Bool {
        partsLeft -= 1
        switch self {
        case .type(let inner), .list(let inner): return partsLeft < 0 || inner.isLarge(&partsLeft)
        case .map(let key, let value):
            return partsLeft < 0 || key.isLarge(&partsLeft) || value.isLarge(&partsLeft)
        case .abstract(_, let parameters):
            return partsLeft < 0 || parameters.contains { $0.isLarge(&partsLeft) }
        default: return partsLeft < 0
        }
    }
}

extension StaticType {
    /// As messages name a value of it: "a string", "a list".
    var kind: String {
        switch self {
        case .dyn, .parameter: "any value"
        case .null, .bytes: name
        case .int: "an int"
        case .abstract("optional_type", _): "an optional"
        default: "a \(name)"
        }
    }

    /// Without parameters.
    var name: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
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
        case .list: "list"
        case .map: "map"
        case .abstract(let name, _): name
        case .parameter(let number): "T\(number)"
        }
    }
}

extension StaticType: CustomStringConvertible {
    /// As `StaticType(text)` reads it.
    package var description: String {
        let parameters = parameters
        if parameters.isEmpty || self == .type(.dyn) { return name }
        return "\(name)(\(parameters.map(\.description).joined(separator: ", ")))"
    }
}
