internal import TenonJSON
internal import TenonModel

extension FunctionTable {
    /// Functions of lists, maps and sets. `reverse` and `join` are with those of text.
    static let lists: [FunctionDefinition] = listParts + listChanges + sets + maps

    private static let listParts: [FunctionDefinition] = [
        .typed("slice", .method, 3...3) { (context, arguments) throws(TenonError) in
            let elements = try arguments.list(0)
            let (start, end) = (try arguments.int(1), try arguments.int(2))
            guard start >= 0, start <= end, end <= elements.count else {
                throw context.mistake(
                    "\(start) to \(end) is not in a list of \(elements.count) elements")
            }
            try context.spend(end - start)
            return .list(Array(elements[start..<end]))
        },
        end("first") { $0.first }, end("last") { $0.last },
        .typed("chunk", .method, 2...2) { (context, arguments) throws(TenonError) in
            let elements = try arguments.list(0)
            guard try arguments.int(1) > 0 else { throw context.mistake("parts have at least 1 element") }
            let size = min(try arguments.int(1), max(elements.count, 1))
            try context.spend(elements.count)
            return .list(
                stride(from: 0, to: elements.count, by: size).map { start in
                    .list(Array(elements[start..<min(elements.count, start + size)]))
                })
        },
        .typed("lists.range", .global, 1...1) { (context, arguments) throws(TenonError) in
            let count = try arguments.int(0)
            guard count >= 0 else { throw context.mistake("\(count) is less than 0") }
            try context.spend(count)
            return .list((0..<count).map { .int(Int64($0)) })
        },
    ]

    private static let listChanges: [FunctionDefinition] = [
        .typed("flatten", .method, 1...2) { (context, arguments) throws(TenonError) in
            let depth = try arguments.int(1, or: 1)
            guard (0...ExpressionLimits.nesting).contains(depth) else {
                throw context.mistake("the depth goes from 0 to \(ExpressionLimits.nesting)")
            }
            var result: [Value] = []
            try flatten(arguments.list(0), depth, into: &result, &context)
            return .list(result)
        },
        .typed("distinct", .method, 1...1) { (context, arguments) throws(TenonError) in
            var seen = ValueSet()
            var result: [Value] = []
            for element in try arguments.list(0) where try seen.insert(element, &context) {
                result.append(element)
            }
            return .list(result)
        },
        .typed("sort", .method, 1...1) { (context, arguments) throws(TenonError) in
            .list(try ValueSort.sorted(try arguments.list(0), &context))
        },
    ]

    private static let sets: [FunctionDefinition] = [
        .typed("sets.contains", .global, 2...2) { (context, arguments) throws(TenonError) in
            .bool(try holdsAll(arguments.list(0), arguments.list(1), &context))
        },
        .typed("sets.equivalent", .global, 2...2) { (context, arguments) throws(TenonError) in
            let (left, right) = (try arguments.list(0), try arguments.list(1))
            guard try holdsAll(left, right, &context) else { return .bool(false) }
            return .bool(try holdsAll(right, left, &context))
        },
        .typed("sets.intersects", .global, 2...2) { (context, arguments) throws(TenonError) in
            let owner = try ValueSet(arguments.list(0), &context)
            for element in try arguments.list(1) where try owner.contains(element, &context) {
                return .bool(true)
            }
            return .bool(false)
        },
    ]

    private static let maps: [FunctionDefinition] = [
        .unary("keys", .method) { (context, value) throws(TenonError) in
            guard let keys = value.keys else { throw context.mismatch(value) }
            try context.spend(keys.count)
            return .list(keys)
        },
        .unary("values", .method) { (context, value) throws(TenonError) in
            .list(try entries(value, &context).map(\.value))
        },
        .unary("entries", .method) { (context, value) throws(TenonError) in
            .list(
                try entries(value, &context).map { entry in
                    .map([(.string("key"), entry.key), (.string("value"), entry.value)])
                })
        },
        .binary("merge", .method) { (context, left, right) throws(TenonError) in
            var merged: [(key: Value, value: Value)] = []
            var positions: [ValueKey: Int] = [:]
            for entry in try entries(left, &context) + entries(right, &context) {
                guard let key = ValueKey(entry.key) else { throw context.mismatch(left, right) }
                if let position = positions[key] {
                    merged[position].value = entry.value
                } else {
                    positions[key] = merged.count
                    merged.append(entry)
                }
            }
            return .map(merged)
        },
    ]

    // MARK: Bodies

    /// In host mode the element or null; in strict mode an optional.
    private static func end(
        _ name: String, _ element: @escaping @Sendable ([Value]) -> Value?
    ) -> FunctionDefinition {
        .typed(name, .method, 1...1) { (context, arguments) throws(TenonError) in
            let found = element(try arguments.list(0))
            return context.isHost ? found ?? .null : .optional(found)
        }
    }

    private static func flatten(
        _ elements: [Value], _ depth: Int, into result: inout [Value], _ context: inout CallContext
    ) throws(TenonError) {
        try context.spend(elements.count)
        for element in elements {
            if depth > 0, let inner = element.elements {
                try flatten(inner, depth - 1, into: &result, &context)
            } else {
                result.append(element)
            }
        }
    }

    private static func holdsAll(
        _ owner: [Value], _ elements: [Value], _ context: inout CallContext
    ) throws(TenonError) -> Bool {
        let owner = try ValueSet(owner, &context)
        for element in elements where try !owner.contains(element, &context) { return false }
        return true
    }

    private static func entries(
        _ value: Value, _ context: inout CallContext
    ) throws(TenonError) -> [(key: Value, value: Value)] {
        switch value {
        case .map(let entries):
            try context.spend(entries.count)
            return entries
        case .jsonObject(let object):
            try context.spend(object.count)
            return object.members.map { (.string($0.key), Value($0.value)) }
        default: throw context.mismatch(value)
        }
    }
}
