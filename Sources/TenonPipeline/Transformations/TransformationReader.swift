internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel
internal import TenonPattern

/// Reads one transformation of a definition.
struct TransformationReader {
    static let supported = [
        "map", "filter", "aggregate", "select", "drop", "rename", "cast", "limit",
    ]
    /// The rest of the library, which definitions may name but this version does not offer.
    static let library: Set<String> = [
        "derive", "default", "sort", "sample", "distinct", "dedupe", "lookup", "join", "union", "flatten",
        "explode", "parse", "format", "split", "replace", "hash", "mask", "window", "pivot", "unpivot",
        "validate", "native",
    ]

    var reader: DefinitionReader
    private var warnings: [DefinitionWarning] = []

    /// Names around each record that may hold spaces.
    private let names: KnownNames

    init(_ json: JSON, at pointer: JSONPointer, names: KnownNames = KnownNames()) {
        reader = DefinitionReader(json, at: pointer)
        self.names = names
    }

    var mistakes: [FieldError] { reader.mistakes }

    /// The transformation, or nil where `mistakes` say why there is none.
    mutating func read() -> Transformation? {
        guard reader.mistakes.isEmpty else { return nil }
        let name = reader.requiredString("type")
        guard !name.isEmpty else { return nil }
        let kind: Transformation.Kind?
        switch name {
        case "map": kind = map()
        case "filter": kind = filter()
        case "aggregate": kind = aggregate()
        case "select": kind = fieldNames().map { .select($0) }
        case "drop": kind = fieldNames().map { .drop($0) }
        case "rename": kind = rename()
        case "cast": kind = cast()
        case "limit": kind = limit()
        case _ where Self.library.contains(name):
            let offered = Self.supported.joined(separator: ", ")
            reader.fail(
                "\"\(name)\" is not offered by this version, which has \(offered)", "type",
                .pipelineUnsupported)
            return nil
        default:
            let names = Self.supported + Self.library.sorted()
            let suggestion = NearestName.suggestion(for: name, among: names)
            reader.fail(
                "\"\(name)\" is not a transformation; known are \(Self.supported.joined(separator: ", ")).\(suggestion)",
                "type")
            return nil
        }
        guard let kind, reader.mistakes.isEmpty else { return nil }
        return Transformation(kind: kind, pointer: reader.pointer, warnings: warnings)
    }

    // MARK: Map

    private mutating func map() -> Transformation.Kind? {
        guard let mapping = reader.dictionary("mapping"), !mapping.isEmpty else {
            if reader.mistakes.isEmpty { reader.fail("must be an object with at least one field", "mapping") }
            return nil
        }
        return .map(
            mapping.members.compactMap { member in
                let place = reader.pointer.appending("mapping").appending(member.key)
                guard !member.key.isEmpty else {
                    reader.fail("a field must have a name", at: place)
                    return nil
                }
                return source(member.value, at: place).map {
                    Mapping(name: member.key, source: $0, pointer: place)
                }
            })
    }

    private mutating func source(_ json: JSON, at place: JSONPointer) -> Mapping.Source? {
        if let text = json.string, !text.contains("{{") {
            if let path = FieldPath(text) {
                if ForgottenBraces.areLikely(in: text) {
                    warn(
                        "pipeline.path-like-expression",
                        "\"\(text)\" is read as the name of a field; to compute it write {{ \(text) }}.",
                        at: place)
                }
                return .path(path)
            }
            reader.fail("\"\(text)\" is not a path such as \"id\" or \"specs.sizes[0]\"", at: place)
            return nil
        }
        do throws(TenonError) {
            let template = try Template.compile(json, names: names, at: place)
            refuseSecrets(template.references, at: place)
            return .template(json, template)
        } catch {
            reader.mistakes +=
                error.fields.isEmpty
                ? [FieldError(pointer: place.description, message: error.message, code: error.code)]
                : error.fields
            return nil
        }
    }

    /// A field may be called `secret` all the same; what looks like a named secret is one.
    private mutating func refuseSecrets(_ references: [Reference], at place: JSONPointer) {
        guard references.contains(where: { $0.name == "secret" && !$0.members.isEmpty }) else { return }
        reader.fail(
            "reads a secret; secrets are only for inputs of connectors, never for records", at: place,
            .pipelineUnsupported)
    }

    // MARK: Filter

    private mutating func filter() -> Transformation.Kind? {
        if let text = reader.object["condition"]?.string ?? reader.object["expression"]?.string {
            let key = reader.object["condition"]?.string != nil ? "condition" : "expression"
            return expression(text, at: reader.pointer.appending(key))
        }
        guard let condition = reader.object["condition"], condition.object != nil else {
            reader.fail(
                "must be an object with \"field\", \"operator\" and \"value\", or with \"expression\"",
                "condition")
            return nil
        }
        let place = reader.pointer.appending("condition")
        var inner = DefinitionReader(condition, at: place)
        if let text = inner.string("expression") {
            return expression(text, at: place.appending("expression"))
        }
        defer { reader.mistakes += inner.mistakes }
        return comparison(&inner, at: place).map { .filter(.comparison($0)) }
    }

    private mutating func expression(_ text: String, at place: JSONPointer) -> Transformation.Kind? {
        do throws(TenonError) {
            let expression = try Expression.compileCondition(text, names: names)
            refuseSecrets(expression.references, at: place)
            return .filter(.expression(expression, at: place))
        } catch {
            reader.mistakes.append(
                FieldError(pointer: place.description, message: error.message, code: error.code))
            return nil
        }
    }

    private mutating func comparison(_ inner: inout DefinitionReader, at place: JSONPointer) -> Comparison? {
        let field = inner.requiredString("field")
        let name = inner.requiredString("operator")
        guard !field.isEmpty, !name.isEmpty else { return nil }
        guard let path = FieldPath(field) else {
            inner.fail("\"\(field)\" is not a path such as \"id\" or \"specs.sizes[0]\"", "field")
            return nil
        }
        guard let operation = ComparisonOperator(name: name) else {
            let names = ComparisonOperator.supported
            let suggestion = NearestName.suggestion(for: name, among: names)
            inner.fail(
                "\"\(name)\" is not an operator; known are \(names.joined(separator: ", ")).\(suggestion)",
                "operator")
            return nil
        }
        let value = inner.object["value"] ?? .null
        guard checkValue(value, operation, &inner) else { return nil }
        var comparison = Comparison(path: path, operation: operation, value: value, pointer: place)
        if operation == .matches {
            guard let pattern = pattern(value, &inner) else { return nil }
            comparison.pattern = pattern
        }
        return comparison
    }

    /// The regular expression that `matches` looks for, in the syntax of expressions.
    private func pattern(_ value: JSON, _ inner: inout DefinitionReader) -> Pattern? {
        do throws(PatternError) {
            return try Pattern(value.string ?? "", syntax: .re2)
        } catch {
            inner.fail("is no regular expression: the pattern \(error.message)", "value")
            return nil
        }
    }

    private mutating func checkValue(
        _ value: JSON, _ operation: ComparisonOperator, _ inner: inout DefinitionReader
    ) -> Bool {
        let isRight: Bool
        let form: String
        switch operation {
        case .exists, .isNull: (isRight, form) = (value.isNull || value.bool != nil, "true, false or missing")
        case .in, .notIn: (isRight, form) = (value.array != nil, "a list of values")
        case .between: (isRight, form) = (value.array?.count == 2, "a list of two values")
        case .startsWith, .endsWith, .matches: (isRight, form) = (value.string != nil, "a text")
        default: (isRight, form) = (inner.object["value"] != nil, "given")
        }
        guard isRight else {
            inner.fail("must be \(form) for the operator \"\(operation.rawValue)\"", "value")
            return false
        }
        if value.isNull, operation.order != nil {
            warn(
                "pipeline.null-comparison", "Nothing equals null; use the operator isNull or exists.",
                at: inner.pointer.appending("value"))
        }
        return true
    }

    private mutating func warn(_ code: String, _ message: String, at place: JSONPointer) {
        warnings.append(DefinitionWarning(code: code, message: message, pointer: place.description))
    }
}
