/// A zone in the format TZif, versions 1 to 4 (RFC 9636).
struct ZoneFile {
    /// Larger files are no zones.
    static let maxBytes = 1 << 20

    private static let headerLength = 44
    private static let typeLength = 6
    private let bytes: [UInt8]

    /// The zone in the bytes of a file, or nil where they are damaged or count leap seconds, which Unix time
    /// does not.
    static func read(_ bytes: [UInt8]) -> ZoneTable? {
        guard bytes.count <= maxBytes else { return nil }
        let file = ZoneFile(bytes: bytes)
        guard let first = file.header(at: 0) else { return nil }
        if first.version == 0 { return file.table(first, timeLength: 4, footer: nil) }
        guard let second = file.header(at: first.end(timeLength: 4)), second.version != 0 else { return nil }
        let end = second.end(timeLength: 8)
        return file.table(second, timeLength: 8, footer: file.footer(at: end))
    }

    /// What one of the two parts of a file announces.
    private struct Header {
        var version: UInt8
        var isUniversal, isStandard, leap, time, type, character: Int
        /// Where the data begins.
        var start: Int

        func end(timeLength: Int) -> Int {
            start + time * (timeLength + 1) + type * ZoneFile.typeLength + character
                + leap * (timeLength + 4) + isStandard + isUniversal
        }
    }

    private func header(at start: Int) -> Header? {
        guard start >= 0, start + Self.headerLength <= bytes.count,
            bytes[start..<start + 4].elementsEqual("TZif".utf8)
        else { return nil }
        let counts = (0..<6).map { Int(number(at: start + 20 + $0 * 4, length: 4) & 0xFFFF_FFFF) }
        // Each thing that is counted takes a byte at least, so no sum of these overflows.
        guard counts.allSatisfy({ $0 <= bytes.count }) else { return nil }
        return Header(
            version: bytes[start + 4], isUniversal: counts[0], isStandard: counts[1], leap: counts[2],
            time: counts[3], type: counts[4], character: counts[5], start: start + Self.headerLength)
    }

    private func table(_ header: Header, timeLength: Int, footer: [UInt8]?) -> ZoneTable? {
        guard header.end(timeLength: timeLength) <= bytes.count, header.type > 0, header.leap == 0 else {
            return nil
        }
        let indices = header.start + header.time * timeLength
        let types = indices + header.time
        let offsets = (0..<header.type).map { Int(number(at: types + $0 * Self.typeLength, length: 4)) }
        guard offsets.allSatisfy({ abs($0) <= TimeZoneRules.farthestOffset }) else { return nil }
        var changes: [ZoneChange] = []
        changes.reserveCapacity(header.time)
        for index in 0..<header.time {
            let type = Int(bytes[indices + index])
            let at = number(at: header.start + index * timeLength, length: timeLength)
            guard type < offsets.count, at > changes.last?.at ?? .min else { return nil }
            changes.append(ZoneChange(at: at, offset: offsets[type]))
        }
        guard let footer, !footer.isEmpty else {
            return ZoneTable(first: offsets[0], changes: changes, rule: nil)
        }
        guard let rule = ZoneRuleReader.read(footer), lastYearIsPlausible(changes) else { return nil }
        return ZoneTable(first: offsets[0], changes: changes, rule: rule.summer == nil ? nil : rule)
    }

    /// The first second of 1800, when no place had a zone yet.
    private static let firstChange: Int64 = -5_364_662_400

    /// A rule is written out from the last change on, so that must be a year that the calendar can count from.
    private func lastYearIsPlausible(_ changes: [ZoneChange]) -> Bool {
        changes.last.map { $0.at <= RFC3339.last && $0.at >= Self.firstChange } ?? true
    }

    /// The text between the line feeds after the second part, or nil where there is none.
    private func footer(at start: Int) -> [UInt8]? {
        let lineFeed = UInt8(ascii: "\n")
        guard start < bytes.count, bytes[start] == lineFeed else { return nil }
        let text = bytes[(start + 1)...]
        return text.firstIndex(of: lineFeed).map { Array(text[..<$0]) }
    }

    /// A big-endian two's complement number of 4 or 8 bytes that are there.
    private func number(at start: Int, length: Int) -> Int64 {
        let value = bytes[start..<start + length].reduce(0) { $0 << 8 | Int64($1) }
        return length == 4 ? Int64(Int32(truncatingIfNeeded: value)) : value
    }
}
