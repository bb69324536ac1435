import TenonModel
import Testing

@testable import TenonSchedule

struct CronFieldTests {
    @Test(arguments: [
        ("*", Array(0...59)), ("5", [5]), ("05", [5]), ("5,6,7", [5, 6, 7]), ("7,5,5", [5, 7]),
        ("10-14", Array(10...14)), ("*/20", [0, 20, 40]), ("5/20", [5, 25, 45]), ("10-20/5", [10, 15, 20]),
        ("1,50-59/3", [1, 50, 53, 56, 59]), ("*/60", [0]),
    ])
    func `A field of minutes has these values`(text: String, values: [Int]) throws {
        #expect(try CronField.parse(text, .minute).values == values)
    }

    @Test(arguments: [
        ("fri-mon", [0, 1, 5, 6]), ("FRI-SUN", [0, 5, 6]), ("sun-thu", Array(0...4)), ("5-7", [0, 5, 6]),
        ("7", [0]), ("0", [0]), ("7/2", [0, 2, 4, 6]), ("Mon/2", [1, 3, 5]), ("sat-sat", [6]),
        ("?", Array(0...6)),
        ("fri-mon/2", [0, 5]),
    ])
    func `A field of weekdays has these values`(text: String, values: [Int]) throws {
        #expect(try CronField.parse(text, .dayOfWeek).values == values)
    }

    @Test func `Months have names, also past the end of the year`() throws {
        #expect(try CronField.parse("Nov-Feb", .month).values == [1, 2, 11, 12])
        #expect(try CronField.parse("jan,JUL", .month).values == [1, 7])
    }

    @Test(arguments: [
        "", ",", "1,", "60", "-1", "1-", "-", "5-3", "1-2-3", "*/0", "*/-1", "*/61", "*//2", "a", "1a", "mon",
        "?",
        "L", "1W", "1#1", "**", "*5", "1/", "/5", "１", "99999999999999999999", "H", "1.5", "H(5", "x-y",
    ])
    func `What is no field of minutes is refused`(text: String) {
        let error = #expect(throws: TenonError.self) { try CronField.parse(text, .minute) }
        #expect(error?.code == .scheduleInvalid && error?.message.contains("minute") == true)
    }

    @Test(arguments: [
        "L", "5#0", "5#6", "8", "8L", "5#", "#1", "5-3", "mon#1/2", "?,1", "?/2", "xyz", "5W", "fri-3",
    ])
    func `What is no field of weekdays is refused`(text: String) {
        #expect(throws: TenonError.self) { try CronField.parse(text, .dayOfWeek) }
    }

    @Test(arguments: ["0", "32", "L-31", "L-", "32W", "W", "LWW", "15W/2", "5L", "1#2", "1-5W"])
    func `What is no field of days of the month is refused`(text: String) {
        #expect(throws: TenonError.self) { try CronField.parse(text, .dayOfMonth) }
    }

    @Test func `A range that runs backwards is refused with the way to write it`() {
        let error = #expect(throws: TenonError.self) { try CronField.parse("22-2", .hour) }
        #expect(error?.message.contains("22-23,0-2") == true)
    }

    @Test func `H is a value that follows from the id, spread over the range`() throws {
        var seen: [Set<Int>] = [[], [], []]
        for number in 0..<300 {
            let seed = "trigger \(number)"
            let plain = try CronField.parse("H", .minute, seed: seed)
            #expect(plain == (try CronField.parse("h", .minute, seed: seed)))
            #expect(plain.values.count == 1)
            seen[0].formUnion(plain.values)
            let ranged = try CronField.parse("H(10-19)", .minute, seed: seed).values
            #expect(ranged.count == 1 && ranged.allSatisfy { (10...19).contains($0) })
            seen[1].formUnion(ranged)
            let stepped = try CronField.parse("H/15", .minute, seed: seed).values
            #expect(
                stepped.count == 4 && stepped[0] < 15
                    && stepped == stride(from: stepped[0], to: 60, by: 15).map { $0 })
            seen[2].formUnion(try CronField.parse("H", .dayOfMonth, seed: seed).values)
        }
        #expect(seen[0].count > 50 && seen[1].count == 10)
        #expect(seen[2].count > 25 && seen[2].max() ?? 0 <= 28)
    }
}
