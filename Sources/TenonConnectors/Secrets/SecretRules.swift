internal import TenonModel

/// What secrets may be called and hold.
enum SecretRules {
    static let valueBytes = 4...(64 << 10)
    static let nameBytes = 1...128
    static let secretsPerProject = 1000
    /// How long values that were replaced or removed are kept, and how many of a project: all executions and
    /// logs are searched for them.
    static let replacedAge: Duration = .seconds(30 * 86400)
    static let replacedPerProject = 100
    static let replacedBytes = 128 << 10

    /// Throws `secret.name-invalid`: a name has to stand in an expression as it is (`secret.NAME`).
    static func check(name: String) throws(TenonError) {
        let isName =
            nameBytes.contains(name.utf8.count) && !(name.utf8.first.map(isDigit) ?? true)
            && name.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
        guard !isName else { return }
        throw TenonError(
            .secretNameInvalid,
            "A secret's name has letters, digits and _, at most \(nameBytes.upperBound) of them, and does not "
                + "begin with a digit, so that expressions can say secret.NAME.")
    }

    /// Throws `secret.value-invalid`. A shorter value could not be told from other text where it is masked.
    static func check(value: String) throws(TenonError) {
        guard !valueBytes.contains(value.utf8.count) else { return }
        throw TenonError(
            .secretValueInvalid,
            "A secret's value has \(valueBytes.lowerBound) to \(valueBytes.upperBound) bytes; this one has "
                + "\(value.utf8.count).")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
