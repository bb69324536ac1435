import TenonModel
import TenonTestKit
import Testing

struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_706_610_600_123, "2024-01-30T10:30:00.123Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `a moment prints as ISO 8601 in UTC with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test func `every day of a thousand years survives the way to a date and back`() {
        for day in Int64(-200_000)...200_000 {
            let date = CivilDate(daysSinceEpoch: day)
            #expect(date.daysSinceEpoch == day)
        }
    }
}

struct UUIDv7Tests {
    @Test func `ids grow within a millisecond and when the clock goes back`() {
        var generator = UUIDv7()
        var random = SeededGenerator(seed: 1)
        var ids = (0..<10_000).map { _ in generator.next(at: Timestamp(milliseconds: 5), random: &random) }
        ids.append(generator.next(at: Timestamp(milliseconds: 4), random: &random))
        #expect(ids == ids.sorted { $0.utf8Precedes($1) })
        #expect(Set(ids).count == ids.count)
    }

    @Test func `an id has the version and the variant of RFC 9562`() throws {
        var generator = UUIDv7()
        var random = SeededGenerator(seed: 2)
        let id = generator.next(at: Timestamp(milliseconds: 0x0123_4567_89AB), random: &random)
        #expect(id.hasPrefix("01234567-89ab-7"))
        #expect("89ab".contains(Array(id)[19]))
        #expect(id.count == 36)
    }
}

struct UserGivenTextTests {
    @Test(arguments: [
        ("design-1", true), ("", false), ("a\nb", false), (String(repeating: "ä", count: 128), true),
    ])
    func `a name has 1 to 128 characters and no controls`(text: String, isFine: Bool) {
        #expect((UserGivenText.problem(with: text) == nil) == isFine)
    }
}

struct CallStatusTests {
    @Test func `a status has the word of the header`() {
        #expect(CallStatus.rateLimited.name == "RATE_LIMITED")
        #expect(CallStatus.internal.name == "INTERNAL")
    }

    @Test func `an unknown negative number counts as internal`() {
        #expect(CallStatus(code: -99) == .internal)
        #expect(CallStatus(code: 7) == .ok)
    }
}
