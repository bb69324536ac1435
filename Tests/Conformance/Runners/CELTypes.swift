import TenonExpression
import TenonJSON
import TenonModel

/// The declarations and types of the suite's cases.
enum CELTypes {
    /// What `type_env` declares; a variable that only `bindings` name may have any type.
    static func environment(of json: JSON) throws(CELCaseError) -> TypeEnvironment {
        var environment = TypeEnvironment()
        for (name, _) in json["bindings"]?.object?.members ?? [] { environment.declare(name, .dyn) }
        for declaration in json["type_env"]?.array ?? [] {
            guard let name = declaration["name"]?.string else {
                throw CELCaseError(reason: "a declaration without a name")
            }
            if let text = declaration["type"]?.string {
                environment.declare(name, try type(text))
                continue
            }
            for overload in declaration["overloads"]?.array ?? [] {
                let parameters = overload["params"]?.array?.compactMap(\.string) ?? []
                let result = overload["result"]?.string ?? "dyn"
                guard let signature = TypeSignature(parameters: parameters, result: result) else {
                    throw CELCaseError(reason: "an overload of unknown form")
                }
                environment.declare(name, signature)
            }
        }
        return environment
    }

    static func type(_ text: String) throws(CELCaseError) -> StaticType {
        guard let type = StaticType(text) else { throw CELCaseError(reason: "a type of unknown form") }
        return type
    }

    /// Whether a value can have the type: what makes a deduced type right.
    static func allows(_ type: StaticType, _ value: Value) -> Bool {
        switch (type, value) {
        case (.dyn, _), (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double),
            (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp), (.duration, .duration),
            (.number, .int), (.number, .uint), (.number, .double), (.type, .type):
            return true
        // CEL lets null stand for these.
        case (.timestamp, .null), (.duration, .null), (.abstract, .null): return true
        case (.abstract("optional_type", let parameters), .optional(let content)):
            guard let content, let parameter = parameters.first else { return true }
            return allows(parameter, content)
        case (.abstract(let name, _), .custom(let value)): return name == value.typeName
        default: break
        }
        if case .list(let element) = type, let elements = value.elements {
            return elements.allSatisfy { allows(element, $0) }
        }
        guard case .map(let key, let content) = type, let entries = value.entries else { return false }
        return entries.allSatisfy { allows(key, $0.key) && allows(content, $0.value) }
    }
}

/// A case that asks which type a checker deduces, and maybe for the value too.
struct CELTypeCase {
    private let text: String
    private let container: String
    private let environment: TypeEnvironment
    private let wanted: StaticType

    /// Nil for a case that asks for no type.
    init?(_ json: JSON) throws(CELCaseError) {
        guard let type = json["result"]?["type"]?.string else { return nil }
        guard let text = json["expr"]?.string else { throw CELCaseError(reason: "a case has no expr") }
        self.text = text
        container = json["container"]?.string ?? ""
        environment = try CELTypes.environment(of: json)
        wanted = try CELTypes.type(type)
    }

    /// Nil where the type is the one that is wanted.
    func problem() -> String? {
        do throws(TenonError) {
            let type = try Expression.compile(text, mode: .strict, container: container)
                .staticType(in: environment)
            return type == wanted ? nil : "`\(text)` is of type \(type), not \(wanted)"
        } catch {
            return "`\(text)` has no type (\(error.message)), not \(wanted)"
        }
    }
}

extension CELSuite {
    /// Every case with a value to which the checker denies a type, or gives one that the value does not have;
    /// nil where there is no data. Cases that are not to be checked are left out.
    package static func mistypedCases(_ data: ConformanceData) throws -> (count: Int, problems: [String])? {
        var count = 0
        var problems: [String] = []
        for file in ["core", "ext", "typecheck"] {
            guard let cases = try data.json("\(folder)/\(file).json")?.array else { return nil }
            for json in cases where json["disable_check"]?.bool != true && json["check_only"]?.bool != true {
                guard json["result"]?["value"] != nil else { continue }
                count += 1
                if let problem = typeProblem(json) { problems.append(problem) }
            }
        }
        return (count, problems)
    }

    private static func typeProblem(_ json: JSON) -> String? {
        let text = json["expr"]?.string ?? ""
        do {
            let expression = try Expression.compile(
                text, mode: .strict, container: json["container"]?.string ?? "")
            let type = try expression.staticType(in: CELTypes.environment(of: json))
            guard let result = json["result"]?["value"] else { return nil }
            let value = try CELValue.value(of: result)
            return CELTypes.allows(type, value) ? nil : "`\(text)`: \(type), but \(CELValue.text(value))"
        } catch {
            return "`\(text)`: \(error)"
        }
    }
}
