internal import TenonJSON

/// What the demo found.
struct DemoReport: Sendable {
    var facts: JSONObject = [:]
    var differenceCount = 0
    var differences: [String] = []

    var json: JSON {
        var object = facts
        object["rowsThatDiffer"] = .int(Int64(differenceCount))
        object["differences"] = .array(differences.map { .string($0) })
        return .object(object)
    }
}
