internal import Crypto
internal import TenonBatches
internal import TenonJSON
internal import TenonModel

extension FunctionTable {
    /// Bytes and texts in the forms that other systems use.
    static let encoders: [FunctionDefinition] = [
        encode("base64.encode") { Base64.encode($0) },
        decode("base64.decode", "base64") { Base64.decode($0).map { .bytes($0) } },
        encode("base64url.encode") { Base64.encode($0, .url) },
        decode("base64url.decode", "base64url") { Base64.decode($0, .url).map { .bytes($0) } },
        encode("hex.encode") { HexText.encode($0) },
        decode("hex.decode", "hexadecimal") { HexText.decode($0).map { .bytes($0) } },
        .typed("url.encode", .global, 1...1) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(bytes: text.utf8.count)
            try context.checkSize(text.utf8.count * 3)
            return .string(PercentEncoding.encode(text))
        },
        decode("url.decode", "percent-encoded text") { PercentEncoding.decode($0).map { .string($0) } },
    ]

    /// Checksums and keyed checksums, as hexadecimal digits.
    static let hashes: [FunctionDefinition] = [
        hash("hash.sha256") { HexText.encode(SHA256.hash(data: $0)) },
        hash("hash.sha512") { HexText.encode(SHA512.hash(data: $0)) },
        hash("hash.sha1") { HexText.encode(Insecure.SHA1.hash(data: $0)) },
        hash("hash.md5") { HexText.encode(Insecure.MD5.hash(data: $0)) },
        .typed("hash.hmacSha256", .global, 2...2) { (context, arguments) throws(TenonError) in
            let (key, bytes) = (try arguments.bytes(0), try arguments.bytes(1))
            try context.spend(bytes: key.count + bytes.count)
            let code = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: key))
            return .string(HexText.encode(code))
        },
    ]

    /// Text of JSON and the values that it stands for.
    static let json: [FunctionDefinition] = [
        .typed("json.parse", .global, 1...1) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(text.utf8.count / 16)
            do throws(JSONError) {
                return Value(try JSONParser.parse(text))
            } catch {
                throw context.mistake("the text is no JSON: \(error.problem)")
            }
        },
        .unary("json.encode", .global, nulls: .takesNull) { (context, value) throws(TenonError) in
            try value.checkSize()
            let text = value.json.text
            try context.spend(bytes: text.utf8.count)
            return .string(text)
        },
    ]

    // MARK: Bodies

    /// Of bytes, and in host mode of a text's UTF-8 too.
    private static func encode(
        _ name: String, _ body: @escaping @Sendable ([UInt8]) -> String
    ) -> FunctionDefinition {
        .typed(name, .global, 1...1) { (context, arguments) throws(TenonError) in
            if !context.isHost, case .string = try arguments.value(0) {
                throw context.mismatch(arguments.values)
            }
            let bytes = try arguments.bytes(0)
            try context.spend(bytes: bytes.count)
            try context.checkSize(bytes.count * 2)
            return .string(body(bytes))
        }
    }

    private static func decode(
        _ name: String, _ form: String, _ body: @escaping @Sendable (String) -> Value?
    ) -> FunctionDefinition {
        .typed(name, .global, 1...1) { (context, arguments) throws(TenonError) in
            let text = try arguments.text(0)
            try context.spend(bytes: text.utf8.count)
            guard let value = body(text) else { throw context.mistake("the text is no \(form)") }
            return value
        }
    }

    private static func hash(
        _ name: String, _ body: @escaping @Sendable ([UInt8]) -> String
    ) -> FunctionDefinition {
        .typed(name, .global, 1...1) { (context, arguments) throws(TenonError) in
            let bytes = try arguments.bytes(0)
            try context.spend(bytes: bytes.count)
            return .string(body(bytes))
        }
    }
}
