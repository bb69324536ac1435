internal import TenonConnectorKit

/// Finds out the columns of lines of JSON from the first of them. Types only widen, as the host's own do:
/// int64 → float64 → utf8; what mixes values and containers is json; nothing but nulls is utf8.
struct NDJSONSniffer {
    let configuration: FilesConfiguration

    private static let maxDepth = 128

    private struct Seen {
        var kind: ColumnKind?
        /// An integer that a double cannot carry.
        var hasLargeInteger = false
    }

    /// `text` is the beginning of the file behind its byte order mark; `isWhole`: all of it.
    func sniff(_ text: UnsafeRawBufferPointer, isWhole: Bool) -> SniffedFile {
        var names: [String] = []
        var seen: [String: Seen] = [:]
        var start = 0
        var count = 0
        while start < text.count, count < configuration.sampleRows {
            var end = start
            while end < text.count, text[end] != 0x0A { end += 1 }
            // What the end cuts is no line; one that is malformed is rejected when it is read.
            if end == text.count, !isWhole, count > 0 { break }
            try? add(UnsafeRawBufferPointer(rebasing: text[start..<end]), &names, &seen)
            start = end + 1
            count += 1
        }
        let columns = names.map { name in
            ColumnDescription(name, configuration.types[name] ?? Self.kind(seen[name] ?? Seen()))
        }
        return SniffedFile(form: .ndjson, columns: columns)
    }

    private static func kind(_ seen: Seen) -> ColumnKind {
        seen.kind == .float64 && seen.hasLargeInteger ? .utf8 : seen.kind ?? .utf8
    }

    private func add(
        _ line: UnsafeRawBufferPointer, _ names: inout [String], _ seen: inout [String: Seen]
    ) throws(JSONScanError) {
        var scanner = JSONScanner(line)
        try scanner.expect(UInt8(ascii: "{"))
        if scanner.skip(UInt8(ascii: "}")) { return }
        while true {
            let token = try scanner.string()
            var name: [UInt8] = []
            try scanner.unescape(token, into: &name)
            try scanner.expect(UInt8(ascii: ":"))
            let kind = try scanner.peek()
            let value = try scanner.value(maxDepth: Self.maxDepth)
            let key = String(decoding: name, as: UTF8.self)
            if seen[key] == nil { names.append(key) }
            Self.note(kind, scanner.bytes(of: value), &seen[key, default: Seen()])
            if scanner.skip(UInt8(ascii: "}")) { return }
            try scanner.expect(UInt8(ascii: ","))
        }
    }

    private static func note(_ kind: JSONScanner.Kind, _ text: UnsafeRawBufferPointer, _ seen: inout Seen) {
        switch kind {
        case .null: break
        case .bool: widen(&seen, .bool)
        case .string: widen(&seen, .utf8)
        case .array, .object: widen(&seen, .json)
        case .number:
            let kind = ValueShape.number(text) ?? .utf8
            if kind == .int64, text.count > 15 { seen.hasLargeInteger = true }
            widen(&seen, kind)
        }
    }

    private static func widen(_ seen: inout Seen, _ kind: ColumnKind) {
        guard let known = seen.kind else {
            seen.kind = kind
            return
        }
        seen.kind = known == .json || kind == .json ? .json : ValueShape.common(known, kind)
    }
}
