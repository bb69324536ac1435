package import TenonJSON
package import TenonModel

/// A compiled expression; compile once, evaluate often.
package struct Expression: Sendable {
    package let text: String
    package let mode: ExpressionMode
    /// The values that it reads, each once.
    package let references: [Reference]
    /// As it is written.
    let root: Node
    /// As it is evaluated: with its constants worked out.
    var program: Node
    let slotCount: Int

    /// Compiles `text`, or throws `expression.invalid` or `expression.unsupported` with the position and, for
    /// a misspelt name, what was probably meant. In host mode what types or constants show to fail for
    /// every input is a mistake, too, unless `names` tell of a stored definition; in strict mode that, unknown
    /// functions and unknown variables are left to the evaluation.
    /// `container` is the namespace in which variables are looked for first.
    package static func compile(
        _ text: String, mode: ExpressionMode = .host, names: KnownNames = KnownNames(),
        container: String = ""
    ) throws(TenonError) -> Expression {
        do throws(SyntaxError) {
            return try parse(text, mode: mode, names: names, container: container)
        } catch {
            throw error.tenonError(in: text)
        }
    }

    static func parse(
        _ text: String, mode: ExpressionMode, names: KnownNames, container: String = ""
    ) throws(SyntaxError) -> Expression {
        var expression = try parseUnchecked(text, mode: mode, names: names, container: container)
        guard mode == .host else { return expression }
        if !names.isStored { _ = try type(of: expression, in: names.types) }
        do throws(SyntaxError) {
            expression.program = try ConstantFolder.fold(expression.root, slotCount: expression.slotCount)
        } catch {
            guard names.isStored else { throw error }
        }
        return expression
    }

    /// By its syntax and names alone.
    static func parseUnchecked(
        _ text: String, mode: ExpressionMode, names: KnownNames = KnownNames(), container: String = ""
    ) throws(SyntaxError) -> Expression {
        var parser = try Parser(text, mode: mode, names: names, container: container)
        let root: Node
        do throws(SyntaxError) {
            root = try parser.expressionToEnd()
        } catch {
            throw names.addSuggestion(to: error, in: text)
        }
        var references: [Reference] = []
        root.collectReferences(into: &references)
        for reference in references {
            guard let problem = names.problem?(reference) else { continue }
            throw SyntaxError(message: problem, offset: reference.offset)
        }
        return Expression(
            text: text, mode: mode, references: references, root: root, program: root,
            slotCount: parser.slotCount)
    }

    /// A text that compiles to this expression, with canonical spaces, quotes and parentheses.
    package var printed: String { Printer.print(root, mode: mode) }

    /// The value, with missing paths being null in host mode.
    package func evaluate(_ scope: some ExpressionScope) throws(TenonError) -> JSON {
        let value = try outcome(in: scope, missingRule: .null).value
        try value.checkSize()
        return value.json
    }

    /// The value with its type.
    package func typedValue(_ scope: some ExpressionScope) throws(TenonError) -> Value {
        let value = try outcome(in: scope, missingRule: .null).value
        try value.checkSize()
        return value
    }

    /// Whether a condition holds. A condition over a missing path does not, and says which path is missing.
    package func test(_ scope: some ExpressionScope) throws(TenonError) -> ConditionOutcome {
        let (value, missingPath) = try outcome(in: scope, missingRule: .unknown)
        switch value {
        case .bool(let isTrue): return ConditionOutcome(isTrue: isTrue, missingPath: nil)
        case .missing: return ConditionOutcome(isTrue: false, missingPath: missingPath ?? text)
        case .null where mode == .host: return ConditionOutcome(isTrue: false, missingPath: nil)
        default:
            throw TenonError(
                .expressionFailed,
                "the condition `\(SourcePosition.excerpt(text))` gives \(value.kind), not true or false"
            )
        }
    }

    func outcome(
        in scope: some ExpressionScope, missingRule: Evaluator.MissingRule
    ) throws(TenonError) -> (value: Value, missingPath: String?) {
        var evaluator = Evaluator(scope: scope, mode: mode, missingRule: missingRule, slotCount: slotCount)
        do throws(TenonError) {
            let value = try evaluator.value(of: program)
            return (value, evaluator.missingPath)
        } catch {
            var error = error
            if let offset = error.context.removeValue(forKey: "offset").flatMap({ Int($0) }) {
                let position = SourcePosition.character(at: offset, in: text)
                error.context["position"] = "\(position)"
                error.message += " (character \(position) of `\(SourcePosition.excerpt(text))`)"
            }
            throw error
        }
    }
}

extension Expression: Equatable {
    /// Whether both are the same expression, however they are written.
    package static func == (left: Expression, right: Expression) -> Bool {
        left.mode == right.mode && left.root.isSame(as: right.root)
    }
}

/// The outcome of a condition.
package struct ConditionOutcome: Sendable, Equatable {
    package var isTrue: Bool
    /// The path because of which the condition is false, if it is not there.
    package var missingPath: String?
}

extension SyntaxError {
    /// With the place in the whole text.
    func tenonError(in text: String) -> TenonError {
        let position = SourcePosition.character(at: offset, in: text)
        return TenonError(
            isUnsupported ? .expressionUnsupported : .expressionInvalid,
            "\(message) (character \(position) of `\(SourcePosition.excerpt(text))`)",
            context: ["position": "\(position)"])
    }
}

/// Places in a text as messages give them.
enum SourcePosition {
    /// The character at a byte offset, from 1.
    static func character(at offset: Int, in text: String) -> Int {
        let index = text.utf8.index(text.utf8.startIndex, offsetBy: min(max(offset, 0), text.utf8.count))
        return text.unicodeScalars[..<index].count + 1
    }

    /// The text, or its beginning.
    static func excerpt(_ text: String) -> String {
        text.unicodeScalars.count <= 200
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))) + "…"
    }
}
