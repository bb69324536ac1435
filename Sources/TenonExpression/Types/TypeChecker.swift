/// Finds the type of an expression, or the first mistake that its types show.
///
/// In strict mode as CEL's checker does. In host mode only what fails for every value that is not null is a
/// mistake; which values a path leads to is not known, unless the environment says so.
struct TypeChecker {
    let environment: TypeEnvironment
    let mode: ExpressionMode
    var unifier: TypeUnifier
    /// The variables of macros by their slots.
    private var locals: [StaticType]

    init(_ environment: TypeEnvironment, mode: ExpressionMode, slotCount: Int) {
        self.environment = environment
        self.mode = mode
        unifier = TypeUnifier(isHost: mode == .host)
        locals = Array(repeating: .dyn, count: slotCount)
    }

    var isHost: Bool { mode == .host }
    var signatures: SignatureTable { isHost ? .host : .strict }

    /// The type with nothing open in it.
    mutating func finalType(of root: Node) throws(SyntaxError) -> StaticType {
        let type = try type(of: root)
        return unifier.substituted(type, isFinal: true)
    }

    mutating func type(of node: Node) throws(SyntaxError) -> StaticType {
        switch node {
        case .literal(let value): StaticType(value)
        case .path(let path): try type(at: path)
        case .local(let slot): locals.indices.contains(slot) ? locals[slot] : .dyn
        case .member(let owner, let name, let access):
            try member(name, of: type(of: owner), at: access.offset)
        case .index(let owner, let index, let access): try call("index", [owner, index], at: access.offset)
        case .optionalMember(let owner, let name, let offset):
            try optionalMember(name, of: type(of: owner), at: offset)
        case .optionalIndex(let owner, let index, let offset):
            try call("optionalIndex", [owner, index], at: offset)
        case .optionalElement(let operand, let offset): try content(of: operand, at: offset)
        case .has(let operand, _): try has(operand)
        case .not(let operand, let offset): try truth(of: [operand], at: offset)
        case .negate(let operand, let offset): try call("negate", [operand], at: offset)
        case .all(let operands, let offset), .any(let operands, let offset):
            try truth(of: operands, at: offset)
        case .binary(let sign, let left, let right, let offset):
            try call(Self.name(of: sign), [left, right], at: offset, shown: sign)
        case .coalesce(let left, let right): try either(type(of: left), type(of: right))
        case .choice(let condition, let first, let second, let offset):
            try choice(condition, first, second, at: offset)
        case .list(let elements): .list(try joined(elements)).bounded
        case .map(let entries): try map(entries)
        case .call(let function, let arguments, let offset): try call(function.name, arguments, at: offset)
        case .matches(let operand, _, let offset):
            try call("matches", [operand, .literal(.string(""))], at: offset)
        case .macro(let macro): try type(of: macro)
        case .unknownCall(let call): try type(of: call)
        }
    }

    /// Runs with variables of a macro known.
    mutating func setLocal(_ slot: Int, _ type: StaticType) {
        if locals.indices.contains(slot) { locals[slot] = type }
    }

    private static func name(of sign: BinaryOperator) -> String {
        switch sign {
        case .notEqual: "=="
        case .lessOrEqual, .greater, .greaterOrEqual: "<"
        default: sign.rawValue
        }
    }

    // MARK: Logic

    /// Operands of which each has to be true or false.
    private mutating func truth(of operands: [Node], at offset: Int) throws(SyntaxError) -> StaticType {
        for operand in operands { try expectBool(type(of: operand), at: offset) }
        return .bool
    }

    mutating func expectBool(_ type: StaticType, at offset: Int) throws(SyntaxError) {
        guard unifier.join(type, .bool) == nil else { return }
        throw SyntaxError(message: "expected true or false, found \(shown(type).kind)", offset: offset)
    }

    private mutating func choice(
        _ condition: Node, _ first: Node, _ second: Node, at offset: Int
    ) throws(SyntaxError) -> StaticType {
        try expectBool(type(of: condition), at: offset)
        let (first, second) = (try type(of: first), try type(of: second))
        if let type = unifier.join(first, second) { return unifier.substituted(type) }
        if isHost { return .dyn }
        throw SyntaxError(
            message: "the two sides are \(shown(first).kind) and \(shown(second).kind)", offset: offset)
    }

    private mutating func either(_ first: StaticType, _ second: StaticType) -> StaticType {
        unifier.join(first, second).map { unifier.substituted($0) } ?? .dyn
    }

    /// As messages show a type.
    mutating func shown(_ type: StaticType) -> StaticType { unifier.substituted(type, isFinal: true) }

    // MARK: Lists and maps

    /// The one type of all elements, or dyn.
    private mutating func joined(_ elements: [Node]) throws(SyntaxError) -> StaticType {
        var common: StaticType?
        for element in elements {
            let type = try type(of: element)
            common = common.map { unifier.join($0, type) ?? .dyn } ?? type
        }
        return common ?? ofNothing
    }

    private mutating func map(_ entries: [MapEntry]) throws(SyntaxError) -> StaticType {
        var (commonKey, commonValue): (StaticType?, StaticType?)
        for entry in entries {
            let key = try type(of: entry.key)
            if isHost { try expectKey(key, at: entry.offset) }
            let value =
                entry.isOptional
                ? try content(of: entry.value, at: entry.offset) : try type(of: entry.value)
            commonKey = commonKey.map { unifier.join($0, key) ?? .dyn } ?? key
            commonValue = commonValue.map { unifier.join($0, value) ?? .dyn } ?? value
        }
        return .map(commonKey ?? ofNothing, commonValue ?? ofNothing).bounded
    }

    /// What an empty list or map holds: in host mode it fits wherever a list or map does.
    private var ofNothing: StaticType { mutating get { isHost ? .dyn : unifier.open() } }

    private mutating func expectKey(_ type: StaticType, at offset: Int) throws(SyntaxError) {
        switch shown(type) {
        case .dyn, .bool, .int, .uint, .number, .string: return
        case let type: throw SyntaxError(message: "\(type.kind) cannot be a key", offset: offset)
        }
    }

    /// What `?x` adds to a list or a map.
    private mutating func content(of node: Node, at offset: Int) throws(SyntaxError) -> StaticType {
        let type = unifier.substituted(try type(of: node))
        if let content = type.optionalContent { return content }
        if type.isOpen || type == .null && isHost { return .dyn }
        throw SyntaxError(message: "? needs an optional, found \(shown(type).kind)", offset: offset)
    }
}

extension StaticType {
    /// Of a constant.
    fileprivate init(_ value: Value) {
        switch value {
        case .missing, .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .uint: self = .uint
        case .double: self = .double
        case .number: self = .number
        case .string: self = .string
        case .bytes: self = .bytes
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .type(let type): self = .type(StaticType(type))
        case .optional: self = .optional(.dyn)
        case .custom(let value): self = .abstract(value.typeName, [])
        case .list, .jsonList: self = .list(.dyn)
        case .map, .jsonObject: self = .map(.dyn, .dyn)
        }
    }
}
