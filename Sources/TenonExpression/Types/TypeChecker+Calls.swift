internal import TenonModel

extension TypeChecker {
    /// A call of an operator, where `shown` is how it is written, or of a function.
    mutating func call(
        _ name: String, _ nodes: [Node], at offset: Int, shown sign: BinaryOperator? = nil
    ) throws(SyntaxError) -> StaticType {
        var arguments: [StaticType] = []
        arguments.reserveCapacity(nodes.count)
        for node in nodes { arguments.append(try type(of: node)) }
        var candidates = signatures.named(name)
        if let others = environment.functions[name] { candidates += others }
        // Nothing is known about it.
        if candidates.isEmpty { return .dyn }
        if let result = result(of: candidates, arguments) { return result }
        let mismatch = TypeMismatch(
            name: name, sign: sign, arguments: arguments.map { shown($0) }, candidates: candidates)
        throw SyntaxError(message: mismatch.message, offset: offset)
    }

    /// What the signatures that take these arguments give; dyn where they differ. Nil where none takes them.
    private mutating func result(
        of candidates: [TypeSignature], _ arguments: [StaticType]
    ) -> StaticType? {
        var result: StaticType?
        for candidate in candidates where result == nil || !candidate.isFallback {
            guard let other = unifier.result(of: candidate, arguments) else { continue }
            guard let present = result, present != other else {
                result = other
                continue
            }
            result = isHost && present.isNumber && other.isNumber ? .number : .dyn
        }
        return result
    }

    /// A function that only the environment can know.
    mutating func type(of call: UnknownCall) throws(SyntaxError) -> StaticType {
        if case .path(let path) = call.receiver {
            let full = "\(path.text).\(call.name)"
            if environment.functions[full] != nil {
                return try self.call(full, call.arguments, at: call.offset)
            }
        }
        guard environment.functions[call.name] != nil else {
            throw SyntaxError(message: call.message, offset: call.offset)
        }
        let receiver = call.receiver.map { [$0] } ?? []
        return try self.call(call.name, receiver + call.arguments, at: call.offset)
    }
}

/// Arguments that no signature of a function or operator takes.
struct TypeMismatch {
    /// The operator or function as the table of signatures names it.
    let name: String
    let sign: BinaryOperator?
    let arguments: [StaticType]
    let candidates: [TypeSignature]

    /// What is wrong, in words for people.
    var message: String {
        let kinds = arguments.map(\.kind)
        switch (name, sign) {
        case ("index", _), ("optionalIndex", _): return "\(kinds[0]) has no element by \(kinds[1])"
        case ("negate", _): return "cannot negate \(kinds[0])"
        case (_, .isIn): return "\"in\" needs a list or a map, found \(kinds[1])"
        case ("<", _), ("==", _): return "cannot compare \(kinds[0]) with \(kinds[1])" + timeHint
        case (_, let sign?):
            let isText = sign == .add && arguments.contains(.string)
            return "cannot compute \(arguments[0].name) \(sign.rawValue) \(arguments[1].name)"
                + (isText ? "; make it a string with string(x)" : "")
        default: return functionMessage
        }
    }

    private var timeHint: String {
        guard arguments.contains(.string) else { return "" }
        if arguments.contains(.timestamp) { return "; make it a timestamp with timestamp(x)" }
        return arguments.contains(.duration) ? "; make it a duration with duration(x)" : ""
    }

    private var functionMessage: String {
        let fitting = candidates.compactMap { $0.parameters(for: arguments.count) }
        // Where kinds alone would not tell the difference, what is in them does.
        let isExact = fitting.contains { $0.map(\.name) == arguments.map(\.name) }
        func shown(_ types: [StaticType]) -> String {
            types.map { type in
                if type.isOpen { return "any" }
                return isExact
                    ? type.mapParameters { $0.isOpen ? .dyn : $0 }.description : type.name
            }.joined(separator: ", ")
        }
        var forms: [String] = []
        for candidate in candidates where candidate.parameters(for: arguments.count) != nil {
            let form = "(\(shown(candidate.parameters)))"
            if !forms.contains(form) { forms.append(form) }
        }
        let list = forms.prefix(4).joined(separator: " or ")
        let given = arguments.map { isExact ? $0.description : $0.name }.joined(separator: ", ")
        return "\(name)() cannot take (\(given))\(list.isEmpty ? "" : "; it takes \(list)")"
    }
}
