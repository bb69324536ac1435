internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonTime

/// Tables of a cron library: which expressions are well written and when they are due.
///
/// Rows at changes of clocks (`edge`) state the policy of their library: nothing in a gap, twice in a fold. They are
/// judged with the options that say the same (`dst`), in a group of their own.
package struct CronSuite: ConformanceSuite {
    package static let folder = "cron"

    package static func run(_ data: ConformanceData) throws -> [SuiteOutcome] {
        var plain = SuiteOutcome("cron", goal: 1)
        var edges = SuiteOutcome("cron/clock-changes", goal: 1)
        for name in data.files(below: folder) where name.hasSuffix(".json") {
            guard let file = try data.json("\(folder)/\(name)") else { continue }
            let rows = file.array ?? file["cases"]?.array ?? []
            for (number, row) in rows.enumerated() {
                let row = Row(json: row, id: "\(name)#\(number)")
                if row.json["dst"]?.string == "edge" { row.judge(&edges) } else { row.judge(&plain) }
            }
        }
        return [plain, edges]
    }
}

/// One row of a table.
private struct Row {
    let json: JSON
    let id: String

    private static let tablePolicy = ClockChangeRules(gap: .skip, fold: .both)
    /// An expression without a tick in this time "never fires".
    private static let horizon: Int64 = 5 * 366 * 86_400

    func judge(_ outcome: inout SuiteOutcome) {
        if json["dialect"]?.bool == true { return skip(&outcome, SuiteOutcome.dialect) }
        do throws(Odd) {
            let problem: String? =
                switch json["op"]?.string {
                case "next": try nextProblem(isNext: true)
                case "prev": try nextProblem(isNext: false)
                case "match": try matchProblem()
                case "parse": try parseProblem()
                case "field": try fieldProblem()
                default: throw Odd(reason: "unknown op")
                }
            outcome.judge("\(id) \(text("op") ?? "") \(text("spec") ?? text("field") ?? "")", problem)
        } catch {
            skip(&outcome, error.reason)
        }
    }

    /// Why a row cannot be judged.
    private struct Odd: Error { var reason: String }

    private func skip(_ outcome: inout SuiteOutcome, _ reason: String) {
        outcome.notJudged[reason, default: 0] += 1
    }

    private func text(_ key: String) -> String? { json[key]?.string }

    private func required(_ key: String) throws(Odd) -> String {
        guard let text = text(key) else { throw Odd(reason: "a row without \(key)") }
        return text
    }

    /// A moment; one without an offset is in UTC.
    private func moment(_ key: String) throws(Odd) -> Int64 {
        let text = try required(key)
        guard let moment = RFC3339.parse(text) ?? RFC3339.parse(text + "Z") else {
            throw Odd(reason: "a moment that is none")
        }
        return moment.seconds
    }

    /// The row's schedule. What never comes is well written here, while a definition with it is refused.
    private func schedule(start: Int64? = nil) throws(Odd) -> Result<Schedule, TenonError> {
        let words = try required("spec").split(separator: " ").map(String.init)
        let zoneInText = words.first { $0.hasPrefix("TZ=") || $0.hasPrefix("CRON_TZ=") }
        let zoneName =
            zoneInText.map { String($0.drop { $0 != "=" }.dropFirst()) } ?? text("timezone") ?? "UTC"
        let rest = words.dropFirst(zoneInText == nil ? 0 : 1).joined(separator: " ")
        do throws(TenonError) {
            let zone = try TimeZoneRules.named(zoneName)
            var schedule: Schedule
            if rest.lowercased().hasPrefix("@every") {
                schedule = try Schedule.parse(.string(rest), id: "")
                // Periods are counted from where the caller stands.
                schedule.start = start.map { Timestamp(microseconds: $0 * 1_000_000) }
            } else {
                let fields = json["fields"]?.int == 5 ? 5...5 : 5...6
                let cron = try CronExpression(rest, options: CronOptions(fields: fields))
                schedule = Schedule(text: rest, rhythm: .cron(cron))
            }
            schedule.zone = zone
            schedule.clockChanges = Self.tablePolicy
            return .success(schedule)
        } catch {
            return .failure(error)
        }
    }

    private func nextProblem(isNext: Bool) throws(Odd) -> String? {
        let key = ["expectedNext", "expectedPrev", "expected"].first { json[$0] != nil }
        guard let key else { throw Odd(reason: "a row without expectedNext") }
        let expected: Int64? = json[key]?.isNull == true ? nil : try moment(key)
        let from = try moment("from")
        switch try schedule(start: isNext ? from : nil) {
        case .failure(let error): return "expected \(shown(expected)), not readable: \(error.message)"
        case .success(let schedule):
            let at = Timestamp(microseconds: from * 1_000_000)
            let tick = isNext ? schedule.nextTick(after: at) : schedule.previousTick(before: at)
            var found = tick.map { $0.microseconds / 1_000_000 }
            if let tick = found, expected == nil, abs(tick - from) > Self.horizon { found = nil }
            return found == expected ? nil : "expected \(shown(expected)), came \(shown(found))"
        }
    }

    private func matchProblem() throws(Odd) -> String? {
        guard let expected = json["expect"]?.bool else { throw Odd(reason: "a row without expect") }
        let at = try moment("at")
        switch try schedule() {
        case .failure(let error): return "expected \(expected), not readable: \(error.message)"
        case .success(let schedule):
            let before = Timestamp(microseconds: at * 1_000_000 - 1)
            let found = schedule.nextTick(after: before)?.microseconds == at * 1_000_000
            return found == expected ? nil : "expected \(expected), came \(found)"
        }
    }

    private func parseProblem() throws(Odd) -> String? {
        guard let expected = json["valid"]?.bool else { throw Odd(reason: "a row without valid") }
        switch try schedule() {
        case .failure(let error): return expected ? "expected valid: \(error.message)" : nil
        case .success: return expected ? nil : "expected invalid, was read"
        }
    }

    private func fieldProblem() throws(Odd) -> String? {
        guard let expected = json["valid"]?.bool, let low = json["min"]?.int, let high = json["max"]?.int,
            (0...63).contains(low), (low...63).contains(high)
        else { throw Odd(reason: "a field without valid, min and max from 0 to 63") }
        let kind = CronFieldKind(name: "field", min: Int(low), max: Int(high))
        do throws(TenonError) {
            let field = try CronField.parse(text("field") ?? "", kind)
            guard expected else { return "expected invalid, came \(field.values)" }
            let values = (json["values"]?.array ?? []).compactMap { $0.int.map(Int.init) }
            let star = json["star"]?.bool ?? field.isUnrestricted
            if field.values == values.sorted(), field.isUnrestricted == star { return nil }
            return "expected \(values) star \(star), came \(field.values) star \(field.isUnrestricted)"
        } catch {
            return expected ? "expected valid: \(error.message)" : nil
        }
    }

    private func shown(_ moment: Int64?) -> String {
        moment.map { RFC3339.print(seconds: $0) } ?? "none"
    }
}
