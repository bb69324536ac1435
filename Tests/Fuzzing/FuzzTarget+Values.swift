internal import TenonJSON
internal import TenonTime
internal import TenonVersion

extension FuzzTarget {
    /// A document is read exactly as what is written from it.
    static let json = FuzzTarget(
        name: "json",
        seeds: [
            #"{"a": [1, -0.5e3, 18446744073709551615, 1e400, true, null], "é\ud83d\ude00": "\"\\\/\b"}"#,
            "[[[[[[]]]]]]", "-12345678901234567890123", "\u{FEFF}1",
        ]
    ) { bytes in
        guard let value = try? JSONParser.parse(bytes) else { return }
        let written = value.text
        guard let again = try? JSONParser.parse(written), again == value, again.text == written else {
            broken("a JSON value is read back as it was")
        }
        _ = try? JSONParser.parse(bytes, maxDepth: 200, duplicateKeys: .lastWins)
    }

    /// A moment that can be read is the same one after printing.
    static let moment = FuzzTarget(
        name: "moment",
        seeds: ["2026-02-28T23:59:60.123456789+01:00", "0001-01-01T00:00:00Z", "9999-12-31t23:59:59-23:59"]
    ) { bytes in
        guard let moment = RFC3339.parse(bytes.text) else { return }
        let printed = RFC3339.print(
            seconds: moment.seconds, nanoseconds: moment.nanoseconds, offset: moment.offset)
        guard let again = RFC3339.parse(printed), again == moment else {
            broken("a moment is read back as it was: \(printed)")
        }
    }

    /// Versions order in one way; a range that is written out has the same versions, and one of
    /// a single version has that.
    static let version = FuzzTarget(
        name: "version",
        seeds: ["1.2.3-beta.1+build\0^1.2 || >=2.0.0-0 <3 || 1.2 - 1.4.x", "v1.2.3\0~1", "0.0.0\0*"]
    ) { bytes in
        let parts = bytes.parts(2)
        let version = SemanticVersion(parts[0].text)
        let range = VersionRange(parts[1].text)
        if let range {
            let written = range.canonical
            let again = VersionRange(written)
            if again == nil, written.utf8.count <= VersionRange.maxCount {
                broken("a range that is written out is one: \(written)")
            }
            for version in samples + [version].compactMap({ $0 })
            where again.map({ $0.contains(version) != range.contains(version) }) ?? false {
                broken("a range has the same versions once it is written out: \(written)")
            }
        }
        guard let version else { return }
        if let only = VersionRange("=" + version.description), !only.contains(version) {
            broken("a range of one version has it")
        }
        if SemanticVersion(version.description) != version { broken("a version is read back as it was") }
        if version < version { broken("no version is before itself") }
    }

    private static let samples = ["0.0.0", "0.0.1-a", "1.2.3", "1.2.3-beta.1", "2.0.0-0", "99.0.0"].compactMap
    {
        SemanticVersion($0)
    }
}
