internal import TenonJSON
internal import TenonModel
internal import TenonSchema

/// Reads the members of a request's body and collects what is wrong with them.
struct DocumentReader {
    private let object: JSONObject
    private var problems: [FieldError] = []
    private let code: ErrorCode

    init(_ body: JSON, allowed: [String], code: ErrorCode) {
        self.code = code
        object = body.object ?? JSONObject()
        if body.object == nil { refuse("", "must be an object") }
        for key in object.keys where !allowed.contains(key) {
            let hint = NearestName.of(key, among: allowed).map { "; did you mean \"\($0)\"?" }
            refuse(key, "is not known here" + (hint ?? ""))
        }
    }

    mutating func refuse(_ key: String, _ message: String) {
        let pointer = key.isEmpty ? JSONPointer() : JSONPointer([key])
        problems.append(FieldError(pointer: pointer.description, message: message, code: code))
    }

    /// A text, or nil where it is absent or wrong.
    mutating func text(_ key: String, isRequired: Bool = false) -> String? {
        guard let value = object[key], !value.isNull else {
            if isRequired { refuse(key, "is required") }
            return nil
        }
        if value.string == nil { refuse(key, "must be a string") }
        return value.string
    }

    /// A required id or name that a person chose.
    mutating func name(_ key: String) -> String {
        guard let text = text(key, isRequired: true) else { return "" }
        if let problem = UserGivenText.problem(with: text) { refuse(key, problem) }
        return text
    }

    /// An object, empty where it is absent.
    mutating func members(_ key: String) -> JSON {
        guard let value = object[key], !value.isNull else { return [:] }
        if value.object == nil { refuse(key, "must be an object") }
        return value
    }

    /// Throws what was collected; `noun` is what the body describes.
    func finish(_ noun: String) throws(TenonError) {
        guard !problems.isEmpty else { return }
        throw TenonError(
            code,
            "The \(noun) has \(problems.count) mistake\(problems.count == 1 ? "" : "s"). Correct the places shown.",
            fields: problems)
    }
}
