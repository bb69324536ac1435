package import TenonJSON
package import TenonModel

/// Takes the values of secrets out of what is recorded, logged or shown.
///
/// It finds a value as it is and in the forms in which it comes back from other systems: percent-encoded, with
/// the escapes of JSON, and as a part of a Base64 text. What is no trace of a value stays as it is.
package struct SecretMask: Sendable, Equatable {
    /// What stands in a secret's place; the same as for configurations.
    package static let replacement = "********"
    /// Shorter texts stand in too many places that have nothing to do with the secret.
    private static let minBytes = 4

    /// By their first bytes; longest first, so that a secret that holds another is replaced as a whole.
    private var needles: [UInt32: [[UInt8]]] = [:]
    /// Whether a needle begins with a byte; empty where there are none.
    private var begins: [Bool] = []

    package static let none = SecretMask([])

    package init(_ values: some Sequence<String>) {
        var forms: Set<[UInt8]> = []
        for value in values {
            forms.insert(Array(value.utf8))
            forms.insert(Self.percentEncoded(value))
            forms.insert(Array(JSON.string(value).text.utf8.dropFirst().dropLast()))
            for form in Self.base64(Array(value.utf8)) { forms.insert(form) }
        }
        guard !forms.isEmpty else { return }
        begins = Array(repeating: false, count: 256)
        for form in forms where form.count >= Self.minBytes {
            needles[Self.beginning(of: form, at: 0), default: []].append(form)
            begins[Int(form[0])] = true
        }
        for key in Array(needles.keys) {
            needles[key]?.sort {
                $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1)
            }
        }
    }

    /// The first `minBytes` bytes as one number.
    private static func beginning(of bytes: [UInt8], at position: Int) -> UInt32 {
        bytes[position..<position + minBytes].reduce(0) { $0 << 8 | UInt32($1) }
    }

    package var isEmpty: Bool { needles.isEmpty }

    // MARK: Masking

    package func masked(_ text: String) -> String {
        guard !isEmpty, text.utf8.count >= Self.minBytes else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8]?
        var position = 0
        while position < bytes.count {
            if begins[Int(bytes[position])], let length = match(bytes, at: position) {
                result = (result ?? Array(bytes[..<position])) + Array(Self.replacement.utf8)
                position += length
            } else {
                result?.append(bytes[position])
                position += 1
            }
        }
        return result.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    private func match(_ bytes: [UInt8], at position: Int) -> Int? {
        guard position + Self.minBytes <= bytes.count else { return nil }
        return needles[Self.beginning(of: bytes, at: position)]?.first { needle in
            guard bytes.count - position >= needle.count else { return false }
            for offset in needle.indices where bytes[position + offset] != needle[offset] { return false }
            return true
        }?.count
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
        error.message = masked(error.message)
        error.context = error.context.mapValues { masked($0) }
        error.fields = error.fields.map { field in
            FieldError(pointer: masked(field.pointer), message: masked(field.message), code: field.code)
        }
        return error
    }

    package func masked(_ failure: CallFailure) -> CallFailure {
        guard !isEmpty else { return failure }
        var failure = failure
        failure.message = masked(failure.message)
        failure.detailsJSON = masked(failure.detailsJSON)
        failure.fieldPath = masked(failure.fieldPath)
        return failure
    }

    // MARK: Forms

    private static func percentEncoded(_ text: String) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return bytes
    }

    /// The characters that are the same in every Base64 text around a value, for each of the three places at
    /// which it may begin in a group, in both alphabets.
    private static func base64(_ value: [UInt8]) -> [[UInt8]] {
        var forms: [[UInt8]] = []
        for alphabet in ["+/", "-_"] {
            let letters = Array(
                ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + alphabet).utf8)
            for lead in 0..<3 {
                let text = Array(repeating: UInt8(0), count: lead) + value
                var form: [UInt8] = []
                // The first character whose bits are all the value's, up to the last such.
                for index in (lead * 8 + 5) / 6..<text.count * 8 / 6 {
                    form.append(letters[sixBits(of: text, at: index * 6)])
                }
                forms.append(form)
            }
        }
        // A short piece of Base64 may be anything.
        return forms.filter { $0.count >= 2 * minBytes }
    }

    private static func sixBits(of bytes: [UInt8], at bit: Int) -> Int {
        let index = bit / 8
        let pair = Int(bytes[index]) << 8 | (index + 1 < bytes.count ? Int(bytes[index + 1]) : 0)
        return pair >> (10 - bit % 8) & 63
    }
}
