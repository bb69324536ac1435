import TenonBatches
import Testing

@Suite struct TimeTextTests {
    private func date(_ text: String) -> Int32? { Array(text.utf8).withUnsafeBytes { TimeText.date32($0) } }
    private func time(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes { TimeText.time64($0) } }
    private func moment(_ text: String, isUTC: Bool = true) -> Int64? {
        Array(text.utf8).withUnsafeBytes { TimeText.timestamp($0, isUTC: isUTC) }
    }
    private func written(_ write: (UnsafeMutablePointer<UInt8>) -> Int) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: TimeText.room) { buffer in
            String(decoding: buffer[0..<write(buffer.baseAddress!)], as: UTF8.self)
        }
    }

    @Test func `every day of 10,000 years is read and written as itself, in order`() {
        var days = date("0000-01-01")!
        #expect(days == -719_528)
        for year in 0..<10_000 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated()
            {
                for day in [1, 2, 15, length - 1, length] where year % 97 < 5 || day == length {
                    let text = [padded(year, 4), padded(month + 1, 2), padded(day, 2)].joined(separator: "-")
                    let expected = days + Int32(day) - 1
                    if date(text) != expected { Issue.record("\(text) is not \(expected)") }
                    if written({ TimeText.write(date32: expected, to: $0) }) != text {
                        Issue.record("\(expected) is not written \(text)")
                    }
                }
                days += Int32(length)
            }
        }
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: width - "\(number)".count) + "\(number)"
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00.5z", 500_000),
            ("1969-12-31 23:59:59.999999Z", -1),
            ("2026-01-31T12:30:00.25+02:00", 1_769_855_400_250_000),
            ("2026-01-31T10:30:00.250000000Z", 1_769_855_400_250_000),
            ("2000-02-29T00:00:00-23:59", 951_868_740_000_000),
        ] as [(String, Int64)]) func `moments are read`(_ text: String, _ microseconds: Int64)
    {
        #expect(moment(text) == microseconds)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T10:30:00", "2026-01-31T10:30Z", "2026-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.1234567Z",
        "2026-01-01T00:00:00+2:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+02:60",
        "2026-01-01T00:00:00ZZ",
        "2026-01-01X00:00:00Z", "2026/01/01T00:00:00Z", "20a6-01-01T00:00:00Z", "2026-01-01T00-00-00Z",
        " 2026-01-01T00:00:00Z",
        "1900-02-29T00:00:00Z", "2026-01-01T00:00:00 Z",
    ]) func `what is no moment is refused`(_ text: String) {
        #expect(moment(text) == nil)
    }

    @Test func `a zone is needed for UTC and refused without`() {
        #expect(moment("2026-01-31T10:30:00Z", isUTC: false) == nil)
        #expect(moment("2026-01-31 10:30:00", isUTC: false) == 1_769_855_400_000_000)
    }

    @Test func `moments are written with as much of a fraction as they have`() {
        func text(_ microseconds: Int64) -> String {
            written { TimeText.write(timestamp: microseconds, isUTC: true, to: $0) }
        }
        #expect(text(-1) == "1969-12-31T23:59:59.999999Z")
        #expect(text(-500_000) == "1969-12-31T23:59:59.500Z")
        #expect(text(0) == "1970-01-01T00:00:00Z")
        #expect(text(253_402_300_800_000_000) == "10000-01-01T00:00:00Z")
        #expect(text(-62_167_219_200_000_001) == "-0001-12-31T23:59:59.999999Z")
        #expect(text(.max) == "294247-01-10T04:00:54.775807Z")
        #expect(text(.min) == "-290308-12-21T19:59:05.224192Z")
        #expect(written { TimeText.write(timestamp: 0, isUTC: false, to: $0) } == "1970-01-01T00:00:00")
        #expect(written { TimeText.write(date32: .max, to: $0) } == "5881580-07-11")
        #expect(written { TimeText.write(date32: .min, to: $0) } == "-5877641-06-23")
        #expect(written { TimeText.write(time64: 86_399_999_999, to: $0) } == "23:59:59.999999")
        #expect(written { TimeText.write(time64: .min, to: $0) }.count == 15)
        #expect(
            time("23:59:59.999999") == 86_399_999_999 && time("10:30:00") == 37_800_000_000
                && time("1:2:3") == nil)
    }

    @Test func `random moments come back`() {
        var random = SeededRandom(21)
        for _ in 0..<20_000 {
            let value = Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &random)
            let rounded = [1, 1000, 1_000_000][Int.random(in: 0..<3, using: &random)]
            let microseconds = value - value % Int64(rounded)
            #expect(
                moment(written { TimeText.write(timestamp: microseconds, isUTC: true, to: $0) })
                    == microseconds)
        }
    }
}
