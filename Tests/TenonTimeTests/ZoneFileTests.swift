import TenonModel
import Testing

@testable import TenonTime

struct ZoneFileTests {
    /// A file of the second version with one change, at `at`, from UTC to an hour ahead.
    private func file(at: Int64 = 0, footer: String = "", version: UInt8 = 0x32, leap: UInt8 = 0) -> [UInt8] {
        func header(_ counts: [UInt8]) -> [UInt8] {
            Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
                + counts.flatMap { [0, 0, 0, $0] }
        }
        let time = (0..<8).map { UInt8(truncatingIfNeeded: at >> (56 - 8 * $0)) }
        let types: [UInt8] = [0, 0, 0, 0, 0, 0] + [0, 0, 14, 16, 0, 0]
        let leapSeconds = [UInt8](repeating: 0, count: Int(leap) * 12)
        return header([0, 0, 0, 0, 0, 0]) + header([0, 0, leap, 1, 2, 1]) + time + [1] + types + [0]
            + leapSeconds + Array("\n\(footer)\n".utf8)
    }

    @Test func `A change and the rule after it are read`() throws {
        let table = try #require(ZoneFile.read(file(footer: "AAA-1BBB,M3.5.0,M10.5.0/3")))
        #expect(table.segment(at: -1).offset == 0)
        #expect(table.segment(at: 0).offset == 3600)
        #expect(table.segment(at: 1_784_116_800).offset == 7200)
    }

    @Test func `A rule with summer time all year, before new year and south of the equator is read`() throws {
        let allYear = try #require(ZoneRuleReader.read(Array("AAA3BBB,0/0,J365/25".utf8)))
        #expect(allYear.changes(in: 2026).map(\.offset) == [-7200])
        let south = try #require(ZoneRuleReader.read(Array("<-03>3<-02>,M10.1.0/0,M2.3.0/0".utf8)))
        #expect(south.changes(in: 2026).map(\.offset) == [-10_800, -7200])
        let negative = try #require(ZoneRuleReader.read(Array("IST-1GMT0,M10.5.0,M3.5.0/1".utf8)))
        #expect(negative.changes(in: 2026).map(\.offset) == [3600, 0])
        let early = try #require(ZoneRuleReader.read(Array("<+02>-2<+03>,M3.4.4/50,M10.4.4/50".utf8)))
        #expect(early.changes(in: 2026).map(\.at) == [1_774_656_000, 1_792_796_400])
    }

    @Test(arguments: [
        "A", "AB", "CET", "CET-25", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J5", "CET-1CEST,366,5", "CET-1CEST,M3.5.0", "CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,M3.5.0,M10.5.0,", "<CET-1", "CET-99999999999999999999",
    ])
    func `What is no rule is refused`(text: String) {
        #expect(ZoneRuleReader.read(Array(text.utf8)) == nil)
        #expect(ZoneFile.read(file(footer: text)) == nil)
    }

    @Test func `A file that is cut anywhere is refused and never read past its end`() {
        let whole = file(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for count in 0..<whole.count - 30 { #expect(ZoneFile.read(Array(whole[..<count])) == nil) }
    }

    @Test func `Damage of any byte is survived`() {
        let whole = file(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for position in whole.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var damaged = whole
                damaged[position] = value
                guard let zone = TimeZoneRules(name: "damaged", file: damaged) else { continue }
                #expect(abs(zone.offset(at: 2_000_000_000)) <= TimeZoneRules.farthestOffset)
            }
        }
    }

    @Test func `Files that count leap seconds and files with years that no calendar has are refused`() {
        #expect(ZoneFile.read(file(leap: 1)) == nil)
        #expect(ZoneFile.read(file(at: .max, footer: "CET-1CEST,M3.5.0,M10.5.0/3")) == nil)
        #expect(ZoneFile.read(file(at: .max)) != nil)
        #expect(ZoneFile.read(file(at: -40_000_000_000, footer: "CET-1CEST,M3.5.0,M10.5.0/3")) == nil)
    }

    @Test(arguments: [-5_364_662_400, 0, 253_402_300_799] as [Int64])
    func `A zone with a rule answers for any moment`(lastChange: Int64) throws {
        let bytes = file(at: lastChange, footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        let zone = try #require(TimeZoneRules(name: "x", file: bytes))
        for moment in [Int64.min, .min + 1, -1, .max - 1, .max] {
            #expect([0, 3600, 7200].contains(zone.offset(at: moment)))
            if let next = zone.nextTransition(after: moment) { #expect(next > moment) }
            _ = zone.instants(LocalTime(unixSeconds: moment, offset: zone.offset(at: moment)))
        }
    }

    @Test func `The names of the database are its zones and links`() {
        let text =
            "# version x\nR d 1916 o - Jun 14 23s 1 S\nZ Africa/Algiers 0:12:12 - LMT\nL A/B C/D\nZ\nL x\n"
        #expect(ZoneNames.read(text) == ["Africa/Algiers", "C/D", "UTC"])
    }
}

struct ZoneDatabaseTests {
    @Test func `Without zone files there is UTC, and the message for another zone says what to install`()
        throws
    {
        let database = ZoneDatabase(folders: ["/nowhere/zoneinfo"])
        #expect(database.names == ["UTC"])
        let error = #expect(throws: TenonError.self) { try database.table("Europe/Berlin") }
        #expect(error?.message.contains("install the package tzdata") == true)
    }
}
