import Foundation
import TenonJSON
import TenonModel
import TenonTime
import Testing

@testable import TenonSchedule

/// The examples of the handbook's page do what it says.
struct HandbookTests {
    private static let page = "../../Sources/TenonDocs/Handbook/schedules.md"

    @Test func `The schedules in the handbook have the ticks that stand beside them`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: Self.page), encoding: .utf8)
        let start = try timestamp("2026-01-01T00:00:00Z")
        var count = 0
        for row in page.matches(of: /\| `([^`]+)` \| `(2026[^`]+)` \|/) {
            let schedule = try Schedule.parse(.string(String(row.1)), id: "t")
            let tick = try #require(schedule.nextTick(after: start), "\(row.1)")
            #expect(tick == (try timestamp(String(row.2))), "\(row.1)")
            count += 1
        }
        #expect(count > 10)
    }

    @Test func `The handbook names every member of a schedule`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: Self.page), encoding: .utf8)
        for member in Schedule.members { #expect(page.contains("`\(member)`"), "\(member)") }
    }
}
