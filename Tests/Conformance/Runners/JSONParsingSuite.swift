internal import Foundation
internal import TenonJSON

/// The JSON parser against a suite of documents that are JSON, are not, or may be either.
package enum JSONParsingSuite: ConformanceSuite {
    package static let folder = "json-parsing"

    package static func run(_ data: ConformanceData) throws -> [SuiteOutcome] {
        guard let cases = try data.json("\(folder)/cases.json")?.array else { return [] }
        var accepted = SuiteOutcome("json-parsing/y", goal: 1)
        var refused = SuiteOutcome("json-parsing/n", goal: 1)
        // Either answer is right; it has to come.
        var either = SuiteOutcome("json-parsing/i", goal: nil)
        for entry in cases {
            let name = entry["name"]?.string ?? ""
            guard let text = entry["base64"]?.string, let bytes = Data(base64Encoded: text) else {
                either.notJudged["no bytes", default: 0] += 1
                continue
            }
            let problem = problem([UInt8](bytes))
            switch entry["class"]?.string {
            case "y": accepted.judge(name, problem.map { "refused: \($0)" })
            case "n": refused.judge(name, problem == nil ? "accepted" : nil)
            case "i": either.judge(name, nil)
            default: either.notJudged["unknown class", default: 0] += 1
            }
        }
        return [accepted, refused, either]
    }

    /// Why the parser refuses; nil where it does not. The limit of depth is that of requests.
    private static func problem(_ bytes: [UInt8]) -> String? {
        do throws(JSONError) {
            // By RFC 8259 a key may occur twice. Tenon refuses that in requests.
            _ = try JSONParser.parse(bytes, duplicateKeys: .lastWins)
            return nil
        } catch {
            return error.description
        }
    }
}
