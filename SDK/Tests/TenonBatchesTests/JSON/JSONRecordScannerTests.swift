import TenonBatches
import Testing

/// The values of the wanted keys, each as its token; nil where the line is refused.
private func scan(_ line: [UInt8], _ scanner: JSONRecordScanner) -> [String?]? {
    line.withUnsafeBytes { text in
        withUnsafeTemporaryAllocation(of: JSONField.self, capacity: scanner.keys.count) { fields in
            guard let base = fields.baseAddress, let end = try? scanner.scan(text, from: 0, into: base) else {
                return nil
            }
            #expect(end == text.count || text[end] == 0x0A)
            return fields.map {
                $0.kind == .missing ? nil : String(decoding: $0.token(in: text), as: UTF8.self)
            }
        }
    }
}

/// The same, plainly; the line has no LF.
private func read(_ line: [UInt8], _ keys: [String]) -> [String?]? {
    line.withUnsafeBytes { text in
        var scanner = JSONScanner(text)
        var values = [String?](repeating: nil, count: keys.count)
        do {
            try scanner.expect(UInt8(ascii: "{"))
            if !scanner.skip(UInt8(ascii: "}")) {
                repeat {
                    let token = try scanner.string()
                    var key: [UInt8] = []
                    try scanner.unescape(token, into: &key)
                    try scanner.expect(UInt8(ascii: ":"))
                    scanner.skipSpace()
                    let value = String(
                        decoding: scanner.bytes(of: try scanner.value(maxDepth: 128)), as: UTF8.self)
                    guard let number = keys.firstIndex(of: String(decoding: key, as: UTF8.self)) else {
                        continue
                    }
                    guard values[number] == nil else { return nil }
                    values[number] = value
                } while scanner.skip(UInt8(ascii: ","))
                try scanner.expect(UInt8(ascii: "}"))
            }
            return scanner.isAtEnd() ? values : nil
        } catch {
            return nil
        }
    }
}

@Suite struct JSONRecordScannerTests {
    private static let keys = ["id", "name", "status", "cost", "a\"b"]

    private static func value(_ random: inout SeededRandom) -> String {
        [
            "null", "true", "false", "0", "-0", "12", "-345678901234567890123", "1.5", "1e9", "-0.25E-3",
            "\"\"", "\"x\"",
            "\"long text of more than sixteen bytes\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
            "\"é😀\"", "[]",
            "[1,[2,{\"id\":3}]]", "{}", "{\"id\":{\"name\":[null,true]}}", " 1 ", "\t\"x\" ",
        ][Int.random(in: 0..<21, using: &random)]
    }

    private static func line(_ random: inout SeededRandom) -> [UInt8] {
        let names = [
            "\"id\"", "\"name\"", "\"status\"", "\"cost\"", "\"a\\\"b\"", "\"other\"", "\"n\\u0061me\"",
            "\"\"",
        ]
        var members = names.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
        if Int.random(in: 0..<4, using: &random) == 0 { members.shuffle(using: &random) }
        let space = ["", "", " ", "\t", "\r"][Int.random(in: 0..<5, using: &random)]
        let text = members.map { "\($0)\(space):\(space)\(value(&random))" }.joined(separator: ",\(space)")
        return Array("{\(text)}".utf8)
    }

    @Test func `lines are scanned as plain reading scans them, also damaged ones`() {
        var random = SeededRandom(31)
        let scanner = JSONRecordScanner(keys: Self.keys)
        var taken = 0
        var refused = 0
        for round in 0..<20_000 {
            var line = Self.line(&random)
            for _ in 0..<(round % 3) {
                guard !line.isEmpty else { break }
                let place = Int.random(in: 0..<line.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: line.remove(at: place)
                case 1: line[place] = Array("{}[]\",:0e.-\\ nx".utf8)[Int.random(in: 0..<15, using: &random)]
                default: line.insert(UInt8.random(in: 0..<0x80, using: &random), at: place)
                }
            }
            line.removeAll { $0 == 0x0A }
            let expected = read(line, Self.keys)
            let found = scan(line, scanner)
            #expect(found == expected, "\(String(decoding: line, as: UTF8.self))")
            // What comes behind the line changes nothing.
            #expect(scan(line + Array("\n{\"id\":1}\n".utf8), scanner) == expected)
            if expected == nil { refused += 1 } else { taken += 1 }
        }
        #expect(taken > 5000 && refused > 5000)
    }

    @Test func `no line goes on in the next`() {
        let scanner = JSONRecordScanner(keys: Self.keys)
        for text in [
            "{\"id\":1,\n\"name\":2}", "{\n}", "{\"id\":[1,\n2]}", "{\"id\":{\n}}", "{\"id\":\"a\nb\"}",
            "{\"id\":1\n}", "{\"id\":\n1}",
            "\n{}", "", "   ", "{\"id\"\n:1}",
        ] {
            #expect(scan(Array(text.utf8), scanner) == nil, "\(text)")
        }
    }

    private func failure(_ text: String) -> JSONRecordError? {
        let scanner = JSONRecordScanner(keys: ["id"], maxDepth: 3)
        return Array(text.utf8).withUnsafeBytes { bytes in
            var field = JSONField.missing
            do throws(JSONRecordError) {
                _ = try scanner.scan(bytes, from: 0, into: &field)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test func `refusals say why and where`() {
        #expect(failure("[1]")?.kind == .notAnObject)
        #expect(failure("  7")?.offset == 2)
        #expect(failure("{} x")?.kind == .textAfterObject)
        #expect(failure("{\"id\":1,\"id\":2}")?.kind == .duplicate(key: 0))
        #expect(failure("{\"id\":1")?.kind == .syntax(.unexpectedEnd))
        #expect(failure("{\"id\":1")?.offset == 7)
        #expect(failure("{\"id\":01}")?.kind == .syntax(.invalidNumber))
        #expect(failure("{\"id\":\"\\x\"}")?.kind == .syntax(.invalidEscape))
        #expect(failure("{\"id\":\"\u{1}\"}")?.kind == .syntax(.controlCharacter))
        #expect(failure("{\"id\":\"a\n\"}")?.kind == .syntax(.unexpectedEnd))
        #expect(failure("{\"id\":[[[[1]]]]}")?.kind == .syntax(.tooDeep))
        #expect(failure("{\"id\":nul}")?.kind == .syntax(.unexpectedCharacter))
    }

    @Test func `what is wrong with a line does not depend on the next`() {
        for line in ["{\"id\":\"\\ud4", "{\"id\":\"\\", "{\"id\":\"a\\u00", "{\"id\":\"\\n", "{\"\\u0"] {
            #expect(failure(line)?.kind == .syntax(.unexpectedEnd))
            #expect(failure(line + "\n{\"id\":1}") == failure(line), "\(line)")
        }
    }

    @Test func `a key that nobody wants is named unless it is null`() {
        let scanner = JSONRecordScanner(keys: ["id"])
        func unknown(_ text: String) -> String? {
            _ = scan(Array(text.utf8), scanner)
            return scanner.unknownKey.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
        }
        #expect(unknown("{\"id\":1, \"x\" : 2,\"y\":3}") == "\"x\"")
        #expect(unknown("{\"x\":null,\"y\":3}") == "\"y\"")
        #expect(unknown("{\"id\":1}") == nil)
    }

    @Test func `keys beyond what is remembered are still found`() {
        let keys = (0..<2000).map { "key \($0)" }
        let scanner = JSONRecordScanner(keys: keys)
        var random = SeededRandom(32)
        for _ in 0..<20 {
            let some = keys.shuffled(using: &random).prefix(500)
            let text = "{" + some.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ", ") + "}"
            let found = scan(Array(text.utf8), scanner)
            #expect(found == keys.map { some.contains($0) ? "\"\($0)\"" : nil })
        }
    }
}
