package import TenonJSON
package import TenonModel

/// An error as the API answers it: a problem document (RFC 9457).
package struct Problem: Error, Equatable, Sendable {
    package static let mediaType = "application/problem+json"

    package var code: ErrorCode
    package var detail: String
    package var fields: [FieldError]

    package init(_ error: TenonError) {
        code = error.code
        detail = error.message
        fields = error.fields
    }

    /// The page of an error code, relative to the host that answers.
    package static func page(of code: ErrorCode) -> String { "/errors/\(code.rawValue)" }

    package var json: JSON {
        var object: JSONObject = [
            "type": .string(Self.page(of: code)),
            "title": .string(title),
            "status": .int(Int64(code.httpStatus)),
            "detail": .string(detail),
            "code": .string(code.rawValue),
        ]
        if !fields.isEmpty { object["errors"] = .array(fields.map(Self.json(of:))) }
        return .object(object)
    }

    /// Reads a problem document; nil where `json` is none.
    package init?(_ json: JSON) {
        guard let code = json["code"]?.string, let status = json["status"]?.int else { return nil }
        self.code = ErrorCode(code, Int(status))
        detail = json["detail"]?.string ?? code
        fields = (json["errors"]?.array ?? []).map { entry in
            FieldError(
                pointer: entry["pointer"]?.string ?? "", message: entry["detail"]?.string ?? "",
                code: entry["code"]?.string.map { ErrorCode($0, Int(status)) })
        }
    }

    /// The code in words: `workflow.cycle` becomes "Workflow: cycle".
    private var title: String {
        let parts = code.rawValue.split(separator: ".", maxSplits: 1).map { $0.replacing("-", with: " ") }
        let text = parts.joined(separator: ": ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func json(of field: FieldError) -> JSON {
        var object: JSONObject = ["pointer": .string(field.pointer), "detail": .string(field.message)]
        if let code = field.code { object["code"] = .string(code.rawValue) }
        return .object(object)
    }
}
