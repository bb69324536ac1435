internal import TenonJSON
internal import TenonModel

/// Renders one template once.
struct TemplateRenderer<Scope: ExpressionScope> {
    let scope: Scope
    let encoding: TemplateEncoding

    func json(_ node: Template.Node) throws(TenonError) -> JSON {
        switch node {
        case .literal(let json): return json
        case .whole(let expression):
            let value = try present(expression)
            if encoding == .none { return value.json }
            if case .header = encoding, value.isNullOrMissing { return .null }
            return .string(try checkedPath(encoded(value.text, expression)))
        case .joined(let parts): return .string(try checkedPath(joined(parts)))
        case .array(let nodes):
            var elements: [JSON] = []
            elements.reserveCapacity(nodes.count)
            for node in nodes { elements.append(try json(node)) }
            return .array(elements)
        case .object(let members):
            var object = JSONObject()
            for (key, value) in members { object[key] = try json(value) }
            return .object(object)
        }
    }

    private func joined(_ parts: [Template.Part]) throws(TenonError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let part): text += part
            case .expression(let expression): text += try encoded(present(expression).text, expression)
            }
            guard text.utf8.count <= ExpressionLimits.outputBytes else {
                throw TenonError(
                    .expressionLimit, "a template gives more than \(ExpressionLimits.outputBytes) bytes")
            }
        }
        return text
    }

    /// The expression's value, or `template.missing`.
    private func present(_ expression: Expression) throws(TenonError) -> Value {
        let (value, missingPath) = try expression.outcome(in: scope, missingRule: .unknown)
        guard value.isMissing else {
            try value.checkSize()
            return value
        }
        throw missing(missingPath ?? expression.text, in: expression)
    }

    private func missing(_ path: String, in expression: Expression) -> TenonError {
        var owner = ""
        var wanted = path
        var names = scope.names
        let reference = expression.references.first {
            ([$0.name] + $0.members).joined(separator: ".") == path
        }
        if let reference { wanted = reference.name }
        if let reference, !reference.members.isEmpty, scope.names.contains(reference.name) {
            (owner, names, wanted) = lastOwner(of: reference)
        }
        // A record and what surrounds it may have a name both.
        let list = Set(names).sorted { $0.utf8Precedes($1) }.prefix(30)
            .map { "\"\($0)\"" }.joined(separator: ", ")
        let place = owner.isEmpty ? "there" : "in \(owner)"
        let suggestion = NearestName.suggestion(for: wanted, among: names)
        return TenonError(
            .templateMissing,
            "`\(path)` names nothing; \(place) is \(list.isEmpty ? "nothing" : list).\(suggestion)"
                + " Use `\(path) ?? default` where it may be missing.",
            context: ["path": path])
    }

    /// The longest part of a path that exists, the names in it, and the name that is not among them.
    private func lastOwner(of reference: Reference) -> (path: String, names: [String], wanted: String) {
        let members = reference.members
        guard let (found, used) = scope.value(named: reference.name, members: members) else {
            return (reference.name, scope.names(in: reference.name), members.first ?? "")
        }
        var value = found
        var depth = used
        while depth < members.count, let member = value[members[depth]] {
            value = member
            depth += 1
        }
        let path = ([reference.name] + members[..<depth]).joined(separator: ".")
        return (path, value.object?.keys ?? [], depth < members.count ? members[depth] : "")
    }

    // MARK: Encoding

    private func encoded(_ text: String, _ expression: Expression) throws(TenonError) -> String {
        switch encoding {
        case .none: return text
        case .path: return PercentEncoding.encode(text)
        case .header:
            guard !text.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) else {
                throw TenonError(
                    .templateHeader,
                    "`\(expression.text)` gives a text with a line break, which a header must not have")
            }
            return text
        }
    }

    private func checkedPath(_ text: String) throws(TenonError) -> String {
        guard case .path = encoding else { return text }
        let path = text.prefix { $0 != "?" && $0 != "#" }
        let hasDots = path.split(separator: "/").contains { $0 == "." || $0 == ".." }
        guard !hasDots else {
            throw TenonError(
                .templatePath,
                "the path \"\(text)\" has \".\" or \"..\" as a segment, which would lead elsewhere")
        }
        return text
    }
}
