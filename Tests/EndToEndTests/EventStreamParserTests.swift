import TenonTestKit
import Testing

@testable import TenonClient

struct EventStreamParserTests {
    private static let stream = """
        \u{FEFF}retry: 2000

        : a comment
        event: progress
        data: {"a":
        data: 1}
        id: 7

        data:no space

        event: nothing

        event: finished
        data

        """

    private static func parse(_ chunks: [[UInt8]]) throws -> [String] {
        var parser = EventStreamParser(maxEventBytes: 100)
        return try chunks.flatMap { try parser.events(in: $0) }.map {
            "\($0.name)=\(String(decoding: $0.data, as: UTF8.self))"
        }
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `events are found wherever the bytes are cut, whatever ends a line`(end: String) throws {
        let bytes = Array((Self.stream + "\n").replacing("\n", with: end).utf8)
        let expected = ["progress={\"a\":\n1}", "message=no space", "finished="]
        #expect(try Self.parse([bytes]) == expected)
        #expect(try Self.parse(bytes.map { [$0] }) == expected)
        for cut in 0..<bytes.count {
            #expect(try Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected)
        }
    }

    @Test func `a byte order mark is no part of the first field, and of no other`() throws {
        let stream = "\u{FEFF}event: first\ndata: 1\n\n\u{FEFF}event: second\ndata: 2\n\n"
        #expect(try Self.parse([Array(stream.utf8)]) == ["first=1", "message=2"])
    }

    /// What the standard says, line by line, of a stream whose lines end with a line feed.
    private static func events(of lines: [String]) -> [String] {
        var events: [String] = []
        var (name, data) = ("", [String]())
        for line in lines {
            if line.isEmpty {
                if !data.isEmpty {
                    events.append("\(name.isEmpty ? "message" : name)=\(data.joined(separator: "\n"))")
                }
                (name, data) = ("", [])
            } else if line.hasPrefix("data:") {
                data.append(String(line.dropFirst(line.hasPrefix("data: ") ? 6 : 5)))
            } else if line.hasPrefix("event:") {
                name = String(line.dropFirst(line.hasPrefix("event: ") ? 7 : 6))
            }
        }
        return events
    }

    @Test func `random lines are the events that somebody sent, and no others`() throws {
        var generator = SeededGenerator(seed: 7)
        let lines = [
            "", "", "data:1", "data: 2", "data:  3", "event:a", "event: b", ":data:4", "dat", "id: 5",
            " data: 6",
        ]
        var found = 0
        for _ in 0..<500 {
            let sent = (0..<10).map { _ in lines.randomElement(using: &generator) ?? "" }
            let ends = ["\n", "\r\n"]
            let text = sent.map { $0 + (ends.randomElement(using: &generator) ?? "") }.joined()
            let expected = Self.events(of: sent)
            #expect(try Self.parse([Array(text.utf8)]) == expected, "\(text.debugDescription)")
            found += expected.count
        }
        #expect(found > 300)
    }

    @Test func `random bytes are cut at any place with the same result`() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<500 {
            let bytes: [UInt8] = (0..<60).map { _ in
                [0x0A, 0x0D, 0x3A, 0x20, 0x64, 0x61, 0x74, 0x00, 0xFF].randomElement(using: &generator) ?? 0
            }
            #expect(try Self.parse([bytes]) == Self.parse(bytes.map { [$0] }))
        }
    }

    @Test func `an event above the limit is an error`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 200)
        #expect(throws: EventStreamParser.TooLarge.self) { try Self.parse([long]) }
        let lines = Array(String(repeating: "data: 12345678\n", count: 20).utf8)
        #expect(throws: EventStreamParser.TooLarge.self) { try Self.parse([lines]) }
    }
}
