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

    @Test func `random bytes are no events that nobody sent, and end no client`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let bytes = (0..<60).map { _ in
                "\n\r:ad teven\u{0}\u{FF}".utf8.randomElement(using: &generator) ?? 0
            }
            _ = try Self.parse([bytes])
        }
    }

    @Test func `an event above the limit is an error`() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 200)
        #expect(throws: EventStreamParser.TooLarge.self) { try Self.parse([long]) }
        let lines = Array(String(repeating: "data: 12345678\n", count: 20).utf8)
        #expect(throws: EventStreamParser.TooLarge.self) { try Self.parse([lines]) }
    }
}
