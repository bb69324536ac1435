internal import TenonJSON

/// JSON Schema's kinds of values. Every integer is a number too.
struct TypeSet: OptionSet, Sendable {
    let rawValue: UInt8

    static let null = TypeSet(rawValue: 1)
    static let boolean = TypeSet(rawValue: 2)
    static let integer = TypeSet(rawValue: 4)
    static let number = TypeSet(rawValue: 8)
    static let string = TypeSet(rawValue: 16)
    static let array = TypeSet(rawValue: 32)
    static let object = TypeSet(rawValue: 64)
    static let names = ["null", "boolean", "integer", "number", "string", "array", "object"]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(name: String) {
        guard let position = Self.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: 1 << UInt8(position))
    }

    func allows(_ value: JSON) -> Bool {
        switch value {
        case .null: contains(.null)
        case .bool: contains(.boolean)
        case .int, .uint: contains(.integer) || contains(.number)
        case .double(let value):
            contains(.number) || (contains(.integer) && value.isFinite && value.rounded() == value)
        case .number: contains(.number) || (contains(.integer) && ExactDecimal(value)?.isInteger == true)
        case .string: contains(.string)
        case .array: contains(.array)
        case .object: contains(.object)
        }
    }
}
