/// Reads types as texts have them: `int`, `map(string, dyn)`, `optional_type(T)`. A word that begins with a
/// capital letter and has no point is a parameter, the same wherever it stands.
struct TypeText {
    /// Far deeper than types of use.
    private static let maxDepth = 32
    private var rest: Substring
    /// The parameters that have been read, by their numbers.
    private var parameterNames: [String]

    /// All types of a list such as `int, list(T)`, or nil where one cannot be read.
    static func types(_ text: Substring, parameterNames: inout [String]) -> [StaticType]? {
        var reader = TypeText(rest: text, parameterNames: parameterNames)
        var types: [StaticType] = []
        reader.skipSpace()
        while !reader.rest.isEmpty {
            guard let type = reader.type(depth: 0) else { return nil }
            types.append(type)
            if reader.accept(",") { continue }
            guard reader.rest.isEmpty else { return nil }
        }
        parameterNames = reader.parameterNames
        return types
    }

    private mutating func skipSpace() { rest = rest.drop { $0 == " " } }

    private mutating func accept(_ symbol: Character) -> Bool {
        skipSpace()
        guard rest.first == symbol else { return false }
        rest.removeFirst()
        skipSpace()
        return true
    }

    private mutating func type(depth: Int) -> StaticType? {
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
        guard !name.isEmpty, depth < Self.maxDepth else { return nil }
        rest = rest.dropFirst(name.count)
        var parameters: [StaticType] = []
        if accept("(") {
            while !accept(")") {
                guard let parameter = type(depth: depth + 1) else { return nil }
                parameters.append(parameter)
                guard accept(",") || rest.first == ")" else { return nil }
            }
        }
        return type(name, parameters)
    }

    private mutating func type(_ name: String, _ parameters: [StaticType]) -> StaticType {
        switch (name, parameters.count) {
        case ("list", 1): return .list(parameters[0])
        case ("map", 2): return .map(parameters[0], parameters[1])
        case ("type", 0...1): return .type(parameters.first ?? .dyn)
        case (_, 0):
            if let type = StaticType.named(name) { return type }
            guard name.first?.isUppercase == true, !name.contains(".") else { return .abstract(name, []) }
            if let number = parameterNames.firstIndex(of: name) { return .parameter(number) }
            parameterNames.append(name)
            return .parameter(parameterNames.count - 1)
        default: return .abstract(name, parameters)
        }
    }
}

extension StaticType {
    /// Nil where the text is no type.
    package init?(_ text: String) {
        var names: [String] = []
        guard let types = TypeText.types(text[...], parameterNames: &names), types.count == 1 else {
            return nil
        }
        self = types[0]
    }

    private static let scalars: [String: StaticType] = [
        "dyn": .dyn, "any": .dyn, "null": .null, "null_type": .null, "bool": .bool, "int": .int,
        "uint": .uint, "double": .double, "number": .number, "string": .string, "bytes": .bytes,
        "timestamp": .timestamp, "google.protobuf.Timestamp": .timestamp,
        "duration": .duration, "google.protobuf.Duration": .duration,
    ]

    static func named(_ name: String) -> StaticType? { scalars[name] }

    /// What a type as a value stands for.
    init(_ type: ValueType) {
        switch type.name {
        case "list": self = .list(.dyn)
        case "map": self = .map(.dyn, .dyn)
        case "type": self = .type(.dyn)
        case "optional_type": self = .optional(.dyn)
        default: self = Self.named(type.name) ?? .abstract(type.name, [])
        }
    }
}
