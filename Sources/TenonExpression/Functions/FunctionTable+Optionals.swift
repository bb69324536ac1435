internal import TenonModel

extension FunctionTable {
    /// CEL's optional values. The macros `optMap` and `optFlatMap` are with the syntax.
    static let optionals: [FunctionDefinition] = [
        .unary("optional.of", .global, nulls: .takesNull) { (_, value) throws(TenonError) in
            .optional(value)
        },
        .unary("optional.ofNonZeroValue", .global, nulls: .takesNull) { (_, value) throws(TenonError) in
            .optional(value.isZero ? nil : value)
        },
        .typed("optional.none", .global, 0...0) { (_, _) throws(TenonError) in .optional(nil) },
        .typed("optional.unwrap", .global, 1...1) { (context, arguments) throws(TenonError) in
            .list(try present(arguments.list(0), &context))
        },
        .typed("unwrapOpt", .method, 1...1) { (context, arguments) throws(TenonError) in
            .list(try present(arguments.list(0), &context))
        },
        .unary("hasValue", .method) { (context, value) throws(TenonError) in
            guard case .optional(let inner) = value else { throw context.mismatch(value) }
            return .bool(inner != nil)
        },
        .unary("value", .method) { (context, value) throws(TenonError) in
            guard case .optional(let inner) = value else { throw context.mismatch(value) }
            guard let inner else { throw context.mistake("the optional has no value") }
            return inner
        },
        .choosing("or", .method) { (context, value) throws(TenonError) in
            guard case .optional(let inner) = value else { throw context.mismatch(value) }
            return inner == nil ? .second(mustBeOptional: true) : .value(value)
        },
        .choosing("orValue", .method, nulls: .takesNull) { (context, value) throws(TenonError) in
            guard case .optional(let inner) = value else { throw context.mismatch(value) }
            return inner.map { .value($0) } ?? .second(mustBeOptional: false)
        },
    ]

    private static func present(
        _ elements: [Value], _ context: inout CallContext
    ) throws(TenonError) -> [Value] {
        try context.spend(elements.count)
        var values: [Value] = []
        for element in elements {
            guard case .optional(let inner) = element else { throw context.mismatch(element) }
            if let inner { values.append(inner) }
        }
        return values
    }
}

extension Value {
    /// The value that a type begins with: 0, an empty text, an empty list.
    var isZero: Bool {
        switch self {
        case .missing, .null, .optional(nil): true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .duration(let nanoseconds): nanoseconds == 0
        case .list, .map, .jsonList, .jsonObject: memberCount == 0
        case .number, .timestamp, .type, .optional, .custom: false
        }
    }
}
