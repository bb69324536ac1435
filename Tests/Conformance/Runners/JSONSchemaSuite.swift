internal import TenonJSON
internal import TenonModel
internal import TenonSchema

/// The JSON Schema Test Suite for draft 2020-12. Remote documents come from `json-schema/remotes`, never from
/// a network.
package enum JSONSchemaSuite: ConformanceSuite {
    package static let folder = "json-schema"
    private static let remoteRoot = "http://localhost:1234/"

    package static func run(_ data: ConformanceData) throws -> [SuiteOutcome] {
        let remotes = try remotes(data)
        var drafts = SuiteOutcome("json-schema/draft2020-12", goal: 0.99)
        let folder = "\(folder)/draft2020-12"
        for name in data.files(below: folder) where name.hasSuffix(".json") {
            let groups = try data.json("\(folder)/\(name)")
            judge(groups, file: name, assertsFormats: false, remotes, &drafts)
        }
        var formats = SuiteOutcome("json-schema/format", goal: 0.95)
        judge(
            try data.json("\(Self.folder)/format.json"), file: nil, assertsFormats: true, remotes, &formats)
        return [drafts, formats]
    }

    private static func remotes(_ data: ConformanceData) throws -> [String: JSON] {
        var documents: [String: JSON] = [:]
        for name in data.files(below: "\(folder)/remotes") where name.hasSuffix(".json") {
            documents[remoteRoot + name] = try data.json("\(folder)/remotes/\(name)")
        }
        return documents
    }

    private static func judge(
        _ groups: JSON?, file: String?, assertsFormats: Bool, _ remotes: [String: JSON],
        _ outcome: inout SuiteOutcome
    ) {
        let options = SchemaOptions(
            refusesUnknownKeywords: false, assertsFormats: assertsFormats, documents: remotes)
        for (index, group) in (groups?.array ?? []).enumerated() {
            let name = file ?? group["file"]?.string ?? "format"
            let title = "\(name)/\(group["description"]?.string ?? "group \(index)")"
            let schema = Result { () throws(TenonError) in
                try JSONSchema(group["schema"] ?? .null, options: options)
            }
            for (number, test) in (group["tests"]?.array ?? []).enumerated() {
                guard let value = test["data"], let isValid = test["valid"]?.bool else {
                    outcome.notJudged["a test without data or verdict", default: 0] += 1
                    continue
                }
                let id = "\(title)/\(test["description"]?.string ?? "test \(number)")"
                outcome.judge(id, problem(schema, value, isValid))
            }
        }
    }

    /// What is wrong with Tenon's answer, if anything.
    private static func problem(
        _ schema: Result<JSONSchema, TenonError>, _ value: JSON, _ isValid: Bool
    ) -> String? {
        switch schema {
        case .failure(let error): return "the schema is refused: \(error)"
        case .success(let schema):
            let problems = schema.problems(in: value)
            // Both ways of asking must agree.
            guard problems.isEmpty == schema.accepts(value) else { return "the two answers differ" }
            guard problems.isEmpty != isValid else { return nil }
            return isValid ? "is refused: \(problems[0].message)" : "is accepted"
        }
    }
}
