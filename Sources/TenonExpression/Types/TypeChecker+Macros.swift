internal import TenonModel

extension TypeChecker {
    mutating func type(of macro: Macro) throws(SyntaxError) -> StaticType {
        let range = unifier.substituted(try type(of: macro.range))
        switch macro.kind {
        case .bind:
            setLocal(macro.slot, range)
            return try type(of: macro.body)
        case .optMap, .optFlatMap: return try mappedOptional(range, macro)
        default: break
        }
        let key = try setVariables(of: macro, over: range)
        if let filter = macro.filter { try expectBool(type(of: filter), at: macro.offset) }
        let body = try type(of: macro.body)
        switch macro.kind {
        case .all, .exists, .existsOne:
            try expectBool(body, at: macro.offset)
            return .bool
        case .filter:
            try expectBool(body, at: macro.offset)
            return .list(key).bounded
        case .transformMap: return .map(key, body).bounded
        case .transformMapEntry:
            if let type = unifier.join(body, .map(unifier.open(), unifier.open())) { return type }
            throw mismatch(macro, "maps", body)
        default: return .list(body).bounded
        }
    }

    /// Gives the variables of a loop their types; the result is the first one's.
    private mutating func setVariables(
        of macro: Macro, over range: StaticType
    ) throws(SyntaxError) -> StaticType {
        let hasTwo = macro.variables.count == 2
        let (first, second): (StaticType, StaticType)
        switch range {
        case .list(let element): (first, second) = hasTwo ? (.int, element) : (element, element)
        case .map(let key, let value): (first, second) = (key, value)
        case .dyn, .parameter:
            unifier.settle(range)
            (first, second) = (.dyn, .dyn)
        case .null where isHost: (first, second) = (.dyn, .dyn)
        default: throw mismatch(macro, "a list or a map", range)
        }
        setLocal(macro.slot, first)
        if hasTwo { setLocal(macro.slot + 1, second) }
        return first
    }

    private mutating func mappedOptional(
        _ range: StaticType, _ macro: Macro
    ) throws(SyntaxError) -> StaticType {
        let content = range.optionalContent
        if content == nil, !range.isOpen, !(isHost && range == .null) {
            throw mismatch(macro, "an optional", range)
        }
        setLocal(macro.slot, content ?? .dyn)
        let body = try type(of: macro.body)
        if macro.kind == .optMap { return .optional(body).bounded }
        if let type = unifier.join(body, .optional(unifier.open())) { return type }
        throw mismatch(macro, "an optional", body)
    }

    private mutating func mismatch(_ macro: Macro, _ wanted: String, _ found: StaticType) -> SyntaxError {
        SyntaxError(
            message: "\(macro.kind.rawValue)() needs \(wanted), found \(shown(found).kind)",
            offset: macro.offset)
    }
}
