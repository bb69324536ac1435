internal import TenonModel
internal import TenonPattern

extension Parser {
    /// `x.name(…)`, with the current token being the parenthesis.
    mutating func method(_ name: String, of node: Node, at start: Int) throws(SyntaxError) -> Node {
        try countOperator()
        if case .path(let path) = node, !path.isOptional {
            let full = "\(path.text).\(name)"
            if full == "cel.bind" { return try binding(at: path.offset) }
            let isMisspelt =
                FunctionTable.namespaces.contains(path.text) && FunctionTable.named(name).isEmpty
                && Macro.Kind(name: name) == nil
            if isMisspelt || !FunctionTable.named(full).isEmpty {
                return try call(full, arguments(), nil, at: path.offset)
            }
        }
        if let macro = try macro(name, over: node, at: start) { return macro }
        return try call(name, arguments(), node, at: start)
    }

    /// `(a, b)`, with the current token being the parenthesis.
    mutating func arguments() throws(SyntaxError) -> [Node] {
        try expect("(")
        var arguments: [Node] = []
        if try accept(")") { return arguments }
        repeat { arguments.append(try expression()) } while try accept(",")
        try expect(")")
        return arguments
    }

    func call(
        _ name: String, _ arguments: [Node], _ receiver: Node?, at start: Int
    ) throws(SyntaxError) -> Node {
        let all = (receiver.map { [$0] } ?? []) + arguments
        let style: FunctionDefinition.Styles = receiver == nil ? .global : .method
        if let definition = FunctionTable.find(name, style, all.count) {
            return try call(definition, all, at: start)
        }
        let message = noCall(name, FunctionTable.named(name), receiver != nil)
        // In strict mode an error of evaluation, which a logical operator may make unimportant.
        guard mode == .strict else { throw SyntaxError(message: message, offset: start) }
        return .unknownCall(
            UnknownCall(
                name: name, receiver: receiver, arguments: arguments, message: message, offset: start))
    }

    private func call(
        _ definition: FunctionDefinition, _ arguments: [Node], at start: Int
    ) throws(SyntaxError) -> Node {
        guard definition.name == "matches", case .literal(.string(let pattern)) = arguments[1] else {
            return .call(definition, arguments, offset: start)
        }
        do throws(PatternError) {
            return .matches(arguments[0], try Pattern(pattern, syntax: .re2), offset: start)
        } catch {
            guard mode == .strict else {
                throw SyntaxError(message: "the pattern \(error.message)", offset: start)
            }
            return .call(definition, arguments, offset: start)
        }
    }

    /// Why there is no such call.
    private func noCall(_ name: String, _ definitions: [FunctionDefinition], _ isMethod: Bool) -> String {
        guard let first = definitions.first else {
            let suggestion = NearestName.suggestion(for: name, among: FunctionTable.names)
            return "there is no function \"\(name)\".\(suggestion)"
        }
        let wanted: FunctionDefinition.Styles = isMethod ? .method : .global
        let sameStyle = definitions.filter { $0.styles.contains(wanted) }
        guard let lower = sameStyle.map(\.parameterCounts.lowerBound).min(),
            let upper = sameStyle.map(\.parameterCounts.upperBound).max()
        else {
            let form = first.styles.contains(.method) ? "x.\(name)(...)" : "\(name)(...)"
            return "\"\(name)\" is called as \(form)"
        }
        let receivers = isMethod ? 1 : 0
        let (least, most) = (lower - receivers, upper - receivers)
        let count =
            least == most
            ? "\(least)" : most == .max - receivers ? "at least \(least)" : "\(least) to \(most)"
        return "\"\(name)\" takes \(count) argument\(count == "1" ? "" : "s")"
    }
}
