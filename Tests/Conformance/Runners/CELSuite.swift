import TenonExpression
import TenonJSON
import TenonModel

/// google/cel-spec's simple tests: an expression, the values of its variables, and its value or an error.
package enum CELSuite: ConformanceSuite {
    package static let folder = "cel"

    package static func run(_ data: ConformanceData) throws -> [SuiteOutcome] {
        try [
            outcome("core", goal: 0.97, data), outcome("ext", goal: nil, data),
            outcome("typecheck", goal: 1, data),
        ].compactMap { $0 }
    }

    private static func outcome(
        _ file: String, goal: Double?, _ data: ConformanceData
    ) throws -> SuiteOutcome? {
        guard let cases = try data.json("\(folder)/\(file).json")?.array else { return nil }
        var outcome = SuiteOutcome("cel/\(file)", goal: goal)
        for json in cases {
            do throws(CELCaseError) {
                let item = try CELCase(json)
                outcome.judge(item.id, item.problem())
            } catch {
                outcome.notJudged[error.reason, default: 0] += 1
            }
        }
        return outcome
    }
}

/// Why a case is not judged.
struct CELCaseError: Error {
    let reason: String
}

/// One case of the suite.
private struct CELCase {
    let id: String
    private let text: String
    private let container: String
    private let scope: CELScope
    private let wanted: Wanted
    /// Nil where no type is asked for.
    private let typeCase: CELTypeCase?

    private enum Wanted {
        case value(Value)
        case error
        /// Only the type is asked for.
        case nothing
    }

    init(_ json: JSON) throws(CELCaseError) {
        let names = ["file", "section", "name"].map { json[$0]?.string ?? "?" }
        id = names.joined(separator: "/")
        guard let text = json["expr"]?.string else { throw CELCaseError(reason: "a case has no expr") }
        self.text = text
        container = json["container"]?.string ?? ""
        typeCase = try CELTypeCase(json)
        var values: [String: Value] = [:]
        for (name, value) in json["bindings"]?.object?.members ?? [] {
            values[name] = try CELValue.value(of: value)
        }
        scope = CELScope(values: values)
        if let value = json["result"]?["value"] {
            wanted = .value(try CELValue.value(of: value))
        } else if json["result"]?["error"]?.bool == true {
            wanted = .error
        } else if typeCase != nil {
            wanted = .nothing
        } else {
            throw CELCaseError(reason: "a case has a result of unknown form")
        }
    }

    /// Nil where the expression gives what is wanted.
    func problem() -> String? {
        if let problem = typeCase?.problem() { return problem }
        if case .nothing = wanted { return nil }
        do throws(TenonError) {
            let value = try Expression.compile(text, mode: .strict, container: container).typedValue(scope)
            guard case .value(let wanted) = wanted else {
                return "`\(text)` gives \(CELValue.text(value)), not an error"
            }
            if CELValue.areSame(value, wanted) { return nil }
            return "`\(text)` gives \(CELValue.text(value)), not \(CELValue.text(wanted))"
        } catch {
            guard case .value(let wanted) = wanted else { return nil }
            return "`\(text)` fails (\(error.message)), and does not give \(CELValue.text(wanted))"
        }
    }
}

/// The variables of a case; a name may have points.
private struct CELScope: ExpressionScope {
    let values: [String: Value]

    func value(named name: String) -> JSON? { values[name]?.json }
    func typedValue(named name: String) -> Value? { values[name] }
    var names: [String] { Array(values.keys) }
}
