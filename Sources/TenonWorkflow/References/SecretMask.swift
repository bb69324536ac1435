package import TenonJSON
package import TenonModel

/// Takes the values of secrets out of what is recorded, logged or shown.
///
/// It finds a value as it is and in the forms in which it comes back from other systems: percent-encoded and
/// with the escapes of JSON and of JSON Pointer, whoever has encoded it, also one within the other; as a part of
/// a Base64 text; and each line of a value that has several. What is no trace of a value stays as it is.
package struct SecretMask: Sendable, Equatable {
    /// What stands in a secret's place; the same as for configurations.
    package static let replacement = "********"

    private let needles: SecretNeedles

    package static let none = SecretMask([])

    package init(_ values: some Sequence<String>) { needles = SecretNeedles(values) }

    package var isEmpty: Bool { needles.isEmpty }

    // MARK: Masking

    package func masked(_ text: String) -> String { masked(text, TextCuts()) }

    /// The same for a text of which only a part may be there: what is left of a value at its ends goes too.
    package func masked(_ text: String, _ cuts: TextCuts) -> String {
        guard !isEmpty, text.utf8.count >= SecretNeedles.minBytes else { return text }
        let bytes = Array(text.utf8)
        var found: [Range<Int>] = []
        for reading in TextReading.all(of: bytes) {
            found += needles.places(in: reading.bytes, cuts).map { reading.source(of: $0) }
        }
        guard !found.isEmpty else { return text }
        found.sort { $0.lowerBound < $1.lowerBound }
        var result: [UInt8] = []
        var position = 0
        for range in found where range.upperBound > position {
            // What overlaps the place before is part of it.
            if range.lowerBound >= position {
                result += bytes[position..<range.lowerBound]
                result += Array(Self.replacement.utf8)
            }
            position = range.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    /// Every text and key in a value, and every number that is written like a secret.
    package func masked(_ json: JSON) -> JSON {
        guard !isEmpty else { return json }
        switch json {
        case .string(let text): return .string(masked(text))
        case .array(let elements): return .array(elements.map { masked($0) })
        case .object(let object):
            var result = JSONObject()
            for (key, value) in object.members { result[masked(key)] = masked(value) }
            return .object(result)
        case .null, .bool: return json
        default: return masked(json.text) == Self.replacement ? .string(Self.replacement) : json
        }
    }

    package func masked(_ error: TenonError) -> TenonError {
        guard !isEmpty else { return error }
        var error = error
        error.message = masked(error.message, .end)
        error.context = error.context.mapValues { masked($0, .end) }
        error.fields = error.fields.map { masked($0) }
        return error
    }

    package func masked(_ field: FieldError) -> FieldError {
        FieldError(
            pointer: masked(field.pointer, .end), message: masked(field.message, .end), code: field.code)
    }

    package func masked(_ failure: CallFailure) -> CallFailure {
        guard !isEmpty else { return failure }
        var failure = failure
        failure.message = masked(failure.message, .end)
        failure.detailsJSON = masked(failure.detailsJSON)
        failure.fieldPath = masked(failure.fieldPath, .end)
        return failure
    }
}
