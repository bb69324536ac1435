package import TenonJSON
package import TenonModel

/// A JSON value in whose strings `{{ expression }}` stands for a value; compile once, render often.
///
/// A string that is exactly one template keeps the value's type; otherwise the parts are joined as text, with
/// everything but strings as JSON. What was inserted is never read as a template again.
package struct Template: Sendable {
    let root: Node
    /// The values that it reads, each once.
    package let references: [Reference]

    indirect enum Node: Sendable {
        case literal(JSON)
        case whole(Expression)
        case joined([Part])
        case array([Node])
        case object([(key: String, value: Node)])
    }

    enum Part: Sendable {
        case text(String)
        case expression(Expression)
    }

    /// Whether nothing is inserted.
    package var isLiteral: Bool { if case .literal = root { true } else { false } }

    /// The keys, where it is an object.
    package var literalKeys: [String]? {
        switch root {
        case .literal(let json): json.object?.keys
        case .object(let members): members.map(\.key)
        default: nil
        }
    }

    /// Compiles every string in `json`. Throws `template.invalid` with a field error for each string that is
    /// wrong, its pointer beginning with `pointer`.
    package static func compile(
        _ json: JSON, names: KnownNames = KnownNames(), at pointer: JSONPointer = JSONPointer()
    ) throws(TenonError) -> Template {
        var compiler = TemplateCompiler(names: names)
        let root = compiler.node(json, at: pointer)
        guard compiler.mistakes.isEmpty else {
            throw TenonError(
                .templateInvalid, compiler.mistakes.map(\.message).joined(separator: "; "),
                fields: compiler.mistakes)
        }
        return Template(root: root, references: compiler.references)
    }

    /// An expression as a template: its value with its type, and `template.missing` where it is not there.
    package static func of(_ expression: Expression) -> Template {
        Template(root: .whole(expression), references: expression.references)
    }

    /// The value with everything inserted. Throws `template.missing` where a value is not there.
    package func render(
        _ scope: some ExpressionScope, encoding: TemplateEncoding = .none
    ) throws(TenonError) -> JSON {
        if case .literal(let json) = root { return json }
        return try TemplateRenderer(scope: scope, encoding: encoding).json(root)
    }
}

/// How inserted text is made safe for the place where it goes.
package enum TemplateEncoding: Sendable {
    case none
    /// A URL's path: percent-encoded; `.` and `..` as a segment are refused with `template.path`.
    case path
    /// A header's value: CR, LF and NUL are refused with `template.header`.
    case header
}
