/// Reads versions, and the parts of ranges that look like them, from the front of a text to its end.
///
/// What is legal where follows npm's semver, which is written in regular expressions; each function here is
/// one of them.
struct VersionReader {
    /// npm's limit, in characters.
    static let maxCount = 256

    private let bytes: [UInt8]
    private let syntax: VersionSyntax
    private var position = 0

    init(_ text: some StringProtocol, syntax: VersionSyntax) {
        bytes = Array(text.utf8)
        self.syntax = syntax
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var isAtEnd: Bool { position == bytes.count }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = current, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func skip(while isIn: (UInt8) -> Bool) -> Substring {
        let start = position
        while let byte = current, isIn(byte) { position += 1 }
        return Substring(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: Versions

    /// A whole version.
    mutating func version() -> SemanticVersion? {
        guard bytes.count <= Self.maxCount else { return nil }
        var bytes = bytes[...]
        if syntax != .semver { bytes = VersionText.trimmed(bytes) }
        self = VersionReader(bytes: Array(bytes), syntax: syntax)
        switch syntax {
        case .semver: break
        case .npm: _ = take("v")
        case .loose: skipMarks()
        }
        guard let major = number(), take("."), let minor = number(), take("."), var patch = digits() else {
            return nil
        }
        guard let rest = prereleaseAfter(&patch) else { return nil }
        guard let last = Self.value(patch), let build = build(), isAtEnd else { return nil }
        return SemanticVersion(major, minor, last, prerelease: rest, build: build)
    }

    private init(bytes: [UInt8], syntax: VersionSyntax) {
        self.bytes = bytes
        self.syntax = syntax
    }

    /// `[v=\s]*`
    private mutating func skipMarks() {
        _ = skip { VersionText.isSpace($0) || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "=") }
    }

    private mutating func number() -> UInt64? { digits().flatMap(Self.value) }

    private static func value(_ digits: Substring) -> UInt64? {
        let digits = digits.drop { $0 == "0" }
        if digits.isEmpty { return 0 }
        return UInt64(digits).flatMap { $0 <= SemanticVersion.maxNumber ? $0 : nil }
    }

    /// Digits, where not loose without a zero before others.
    private mutating func digits() -> Substring? {
        let digits = skip(while: VersionText.isDigit)
        guard !digits.isEmpty, syntax == .loose || digits == "0" || digits.first != "0" else { return nil }
        return digits
    }

    /// The pre-release after the digits of the patch; empty where there is none, nil where something else is.
    ///
    /// Where it needs no hyphen it may also begin with the last digit, as in `1.2.34.5`.
    private mutating func prereleaseAfter(_ patch: inout Substring) -> [SemanticVersion.Identifier]? {
        if isAtEnd || current == UInt8(ascii: "+") { return [] }
        let start = position
        if take("-"), let identifiers = identifiers() { return identifiers }
        guard syntax == .loose else { return nil }
        position = start
        if let identifiers = identifiers() { return identifiers }
        guard patch.count > 1 else { return nil }
        position = start - 1
        patch.removeLast()
        return identifiers()
    }

    /// Identifiers of a pre-release with dots between them, up to what follows a pre-release.
    private mutating func identifiers() -> [SemanticVersion.Identifier]? {
        guard let words = words() else { return nil }
        let areLegal = words.allSatisfy { word in
            syntax == .loose || word == "0" || word.first != "0"
                || !word.utf8.allSatisfy(VersionText.isDigit)
        }
        guard areLegal, isAtEnd || current == UInt8(ascii: "+") else { return nil }
        return words.map { SemanticVersion.Identifier($0) }
    }

    private mutating func words() -> [Substring]? {
        var words: [Substring] = []
        repeat {
            let word = skip(while: VersionText.isIdentifier)
            guard !word.isEmpty else { return nil }
            words.append(word)
        } while take(".")
        return words
    }

    private mutating func build() -> [String]? {
        take("+") ? words()?.map(String.init) : []
    }

    /// Whether `text` is what may stand after the hyphen of a pre-release.
    static func isPrerelease(_ text: String, syntax: VersionSyntax) -> Bool {
        var reader = VersionReader(text, syntax: syntax)
        return reader.identifiers() != nil && reader.isAtEnd
    }

    // MARK: Parts of ranges

    /// A version of which parts may be missing or `x`, and all of the text.
    mutating func partial() -> PartialVersion? {
        skipMarks()
        guard let major = part() else { return nil }
        var partial = PartialVersion(major: major)
        if take(".") {
            guard let minor = part() else { return nil }
            partial.minor = minor
            if take(".") {
                guard var patch = part() else { return nil }
                guard let prerelease = partialPrerelease(after: &patch) else { return nil }
                partial.patch = patch
                partial.prerelease = prerelease
            }
        }
        return isAtEnd ? partial : nil
    }

    private mutating func part() -> Substring? {
        if let byte = current, "xX*".utf8.contains(byte) {
            position += 1
            return Substring(decoding: [byte], as: UTF8.self)
        }
        return digits()
    }

    /// The text of the pre-release as it is written, without its hyphen.
    private mutating func partialPrerelease(after patch: inout Substring) -> Substring? {
        if isAtEnd { return "" }
        let start = position
        var cut = patch
        guard prereleaseAfter(&cut) != nil, isAtEnd else { return nil }
        let end = position
        position = cut.count < patch.count ? start - 1 : start
        patch = cut
        if current == UInt8(ascii: "-"), position + 1 < end { position += 1 }
        defer { position = end }
        return Substring(decoding: bytes[position..<end], as: UTF8.self)
    }
}
