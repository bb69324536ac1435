internal import Crypto
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonWorkflow

/// What a step's call has answered, within the limits.
enum StepOutput {
    /// A longer output's row only refers to it.
    static let inlineBytes = 64 << 10
    /// No JSON begins like this, so that no output can pass for a reference.
    private static let referencePrefix = "blob:"

    /// The output that a connector's answer is; it must be what its manifest promises.
    static func read(
        _ bytes: [UInt8], of action: ActionDescription?, mask: SecretMask
    ) -> Result<JSON, CallFailure> {
        read(bytes).flatMap { output in
            do throws(TenonError) {
                try action?.check(output: output, masked: mask.masked)
                return .success(output)
            } catch {
                var failure = CallFailure(error, .badData, errorClass: .system, effect: .applied)
                failure.fieldPath = error.fields.first?.pointer ?? ""
                return .failure(failure)
            }
        }
    }

    static func read(_ bytes: [UInt8]) -> Result<JSON, CallFailure> {
        guard !bytes.isEmpty else { return .success(.null) }
        guard bytes.count <= Limits.stepOutputBytes else {
            return .failure(
                CallFailure(
                    TenonError(
                        .stepOutputTooLarge,
                        "The step's output has \(bytes.count) bytes of at most \(Limits.stepOutputBytes). "
                            + "Ask for less, or move the records with a pipeline."),
                    .resourceExhausted, errorClass: .data, effect: .applied))
        }
        do {
            return .success(try JSONParser.parse(bytes))
        } catch {
            return .failure(
                CallFailure(
                    .badData, "The connector's answer is not JSON: \(error).", errorClass: .data,
                    effect: .applied))
        }
    }

    static func digest(_ bytes: [UInt8]) -> TenonModel.Digest {
        TenonModel.Digest(HexText.encode(SHA256.hash(data: bytes)))
    }

    static func reference(_ digest: TenonModel.Digest) -> String { referencePrefix + digest.rawValue }

    /// The digest that a recorded output refers to, or nil where it is the output itself.
    static func digest(referredToBy output: String) -> TenonModel.Digest? {
        guard output.hasPrefix(referencePrefix) else { return nil }
        return TenonModel.Digest(String(output.dropFirst(referencePrefix.count)))
    }
}

extension CallFailure {
    /// A failure that the host itself found; its code goes along in the details.
    init(_ error: TenonError, _ status: CallStatus, errorClass: ErrorClass, effect: Effect = .notApplied) {
        self.init(status, error.message, errorClass: errorClass, effect: effect)
        detailsJSON = JSON.object(["code": .string(error.code.rawValue)]).text
    }
}

extension TenonError {
    /// The form that rows and records have.
    var recorded: JSON {
        var object: JSONObject = ["code": .string(code.rawValue), "message": .string(message)]
        for (key, value) in context.sorted(by: { $0.key.utf8Precedes($1.key) }) where object[key] == nil {
            object[key] = .string(value)
        }
        return .object(object)
    }
}
