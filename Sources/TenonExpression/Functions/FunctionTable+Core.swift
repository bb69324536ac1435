internal import TenonModel
internal import TenonPattern

extension FunctionTable {
    /// CEL's own functions of sizes, text and types.
    static let core: [FunctionDefinition] = [
        .unary("size", [.method, .global]) { (context, value) throws(TenonError) in
            if case .string(let text) = value { try context.spend(bytes: text.utf8.count) }
            guard let size = size(of: value) else { throw context.mismatch(value) }
            return .int(Int64(size))
        },
        .binary("contains", .method) { (context, value, part) throws(TenonError) in
            if context.isHost, value.memberCount != nil, !value.isMap {
                return .bool(try contains(value, part, &context))
            }
            return try search(value, part, &context) {
                ByteSearch.contains(Array($0.utf8), Array($1.utf8))
            }
        },
        .binary("startsWith", .method) { (context, value, part) throws(TenonError) in
            try search(value, part, &context) { $0.utf8.starts(with: $1.utf8) }
        },
        .binary("endsWith", .method) { (context, value, part) throws(TenonError) in
            try search(value, part, &context) { text, part in
                text.utf8.count >= part.utf8.count
                    && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
            }
        },
        .binary("matches", [.method, .global]) { (context, value, pattern) throws(TenonError) in
            guard case .string(let text) = value, case .string(let pattern) = pattern else {
                throw context.mismatch(value, pattern)
            }
            // What compiling costs besides matching.
            try context.spend(50 + pattern.utf8.count * 4)
            return .bool(try matches(text, try compile(pattern, context), &context))
        },
        .unary("type", .global, nulls: .takesNull) { (_, value) throws(TenonError) in .type(value.type) },
        .unary("dyn", .global, nulls: .takesNull) { (_, value) throws(TenonError) in value },
        conversion("string", Conversion.string), conversion("bytes", Conversion.bytes),
        conversion("int") { Conversion.int($0).map { .int($0) } },
        conversion("uint") { Conversion.uint($0).map { .uint($0) } },
        conversion("double") { Conversion.double($0).map { .double($0) } },
        conversion("bool") { Conversion.bool($0).map { .bool($0) } },
        conversion("timestamp") { Conversion.timestamp($0).map { .timestamp($0) } },
        conversion("duration") { Conversion.duration($0).map { .duration($0) } },
    ]

    static func matches(
        _ text: String, _ pattern: Pattern, _ context: inout CallContext
    ) throws(TenonError) -> Bool {
        try context.spend(text.utf8.count / 16)
        var work = 0
        let isFound: Bool
        do throws(PatternError) {
            isFound = try pattern.matches(text, work: &work)
        } catch {
            throw TenonError(
                .expressionLimit, "the pattern \(error.message)", context: ["offset": "\(context.offset)"])
        }
        try context.spend(work / 64)
        return isFound
    }

    private static func compile(_ text: String, _ context: CallContext) throws(TenonError) -> Pattern {
        do throws(PatternError) {
            return try Pattern(text, syntax: .re2)
        } catch {
            throw context.failure("the pattern \(error.message)")
        }
    }

    /// A function that makes another type of a value, where `change` finds one.
    private static func conversion(
        _ name: String, _ change: @escaping @Sendable (Value) -> Value?
    ) -> FunctionDefinition {
        .unary(name, .global) { (context, value) throws(TenonError) in
            if case .string(let text) = value { try context.spend(bytes: text.utf8.count) }
            if case .bytes(let bytes) = value { try context.spend(bytes: bytes.count) }
            guard let result = change(value) else {
                throw context.failure("cannot make \(name) of \(described(value))")
            }
            return result
        }
    }

    private static func described(_ value: Value) -> String {
        switch value {
        case .string(let text) where text.utf8.count <= 40: "the string \"\(text)\""
        case .int, .uint, .double, .number: "\(value.typeName) \(value.text)"
        default: "\(value.kind)"
        }
    }

    private static func size(of value: Value) -> Int? {
        switch value {
        case .string(let text): text.unicodeScalars.count
        case .bytes(let bytes): bytes.count
        default: value.memberCount
        }
    }

    private static func contains(
        _ list: Value, _ wanted: Value, _ context: inout CallContext
    ) throws(TenonError) -> Bool {
        guard let elements = list.elements else { return false }
        try context.spendComparing(list)
        try context.spendComparing(wanted, times: elements.count)
        return elements.contains { Comparison.areEqual($0, wanted) }
    }

    private static func search(
        _ value: Value, _ part: Value, _ context: inout CallContext, _ holds: (String, String) -> Bool
    ) throws(TenonError) -> Value {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw context.mismatch(value, part)
        }
        try context.spend(bytes: text.utf8.count)
        return .bool(holds(text, part))
    }
}
