internal import HTTPTypes
internal import Hummingbird
package import TenonAPI
package import TenonJSON
package import TenonModel

/// One request, read and checked: what a route's handler works on.
package struct Call: Sendable {
    package let endpoint: Endpoint
    /// The capture of the path, decoded; empty where the path has none.
    package let id: String
    /// The second capture of the path, decoded; empty where there is none.
    package let name: String
    /// The body, or null where there is none.
    package let body: JSON
    /// Where an uploaded file lies, for endpoints that take one.
    package let uploadPath: String?
    package let idempotencyKey: String?
    let query: [String: String]
    let prefer: String?

    /// A query parameter's text.
    package func text(_ name: String) -> String? { query[name] }

    package func flag(_ name: String) throws(TenonError) -> Bool {
        switch query[name] {
        case nil, "false", "0": return false
        case "true", "1", "": return true
        case let value?: throw .badParameter(name, value, expected: "true or false")
        }
    }

    /// The entries of a page, from 1 to the limit.
    package func limit() throws(TenonError) -> Int {
        guard let text = query["limit"] else { return 100 }
        guard let limit = Int(text), (1...Limits.pageSize).contains(limit) else {
            throw .badParameter("limit", text, expected: "a number from 1 to \(Limits.pageSize)")
        }
        return limit
    }

    /// The members of the body; one that the endpoint's body does not have is refused.
    package func members() throws(TenonError) -> JSONObject {
        let object = body.object ?? JSONObject()
        let known = endpoint.body.fieldNames
        let unknown = object.keys.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            throw TenonError(
                .wrongBody, "The body takes \(known.joined(separator: ", ")) only.",
                fields: unknown.prefix(10).map { name in
                    let hint = NearestName.suggestion(for: name, among: known)
                    return FieldError(
                        pointer: JSONPointer([name]).description, message: "is not known here." + hint)
                })
        }
        return object
    }

    /// How long an execute request waits for the end: `?wait=`, else `Prefer: respond-async` or `wait=`, else
    /// the most.
    package func wait() throws(TenonError) -> Duration {
        let longest = Limits.executeWait
        if let text = query["wait"] {
            guard let seconds = Double(text), seconds >= 0, seconds.isFinite else {
                throw .badParameter("wait", text, expected: "seconds, such as 10 or 0.5")
            }
            return min(.milliseconds(Int64(min(seconds, 3600) * 1000)), longest)
        }
        for preference in (prefer ?? "").split(whereSeparator: { $0 == "," || $0 == ";" || $0 == " " }) {
            if preference == "respond-async" { return .zero }
            if preference.hasPrefix("wait="), let seconds = Int64(preference.dropFirst(5)), seconds >= 0 {
                return min(.seconds(min(seconds, 3600)), longest)
            }
        }
        return longest
    }
}

extension TenonError {
    /// A query parameter that cannot be read.
    package static func badParameter(
        _ name: String, _ value: String, expected: String, hint: String = ""
    ) -> TenonError {
        TenonError(
            .badParameter, "The parameter \(name) is \"\(value.prefix(100))\"; give \(expected).\(hint)",
            context: ["parameter": name])
    }
}
