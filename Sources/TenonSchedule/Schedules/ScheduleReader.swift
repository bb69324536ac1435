package import TenonJSON
package import TenonModel
internal import TenonTime

extension Schedule {
    /// Reads a schedule: a text (`0 2 * * *`, `TZ=Europe/Berlin @daily`, `@every 5m`), or an object with the
    /// text as `schedule` and what else there is to say (`Schedule.members`; others are left alone).
    ///
    /// `pointer` is where the value stands in its document; `id` decides what `H` and jitter are. Throws
    /// `schedule.invalid`, or `time.unknown-zone` where that is all that is wrong, with every mistake's place.
    package static func parse(
        _ json: JSON, at pointer: JSONPointer = JSONPointer(), id: String
    ) throws(TenonError) -> Schedule {
        var reader = ScheduleReader(pointer: pointer, id: id)
        return try reader.read(json)
    }
}

/// Reads one schedule and collects what is wrong with it.
struct ScheduleReader {
    private let pointer: JSONPointer
    private let id: String
    private var mistakes: [FieldError] = []

    init(pointer: JSONPointer, id: String) {
        self.pointer = pointer
        self.id = id
    }

    mutating func read(_ json: JSON) throws(TenonError) -> Schedule {
        var schedule: Schedule?
        switch json {
        case .string(let text): schedule = readText(text, pointer, zone: nil)
        case .object(let object): schedule = read(object)
        default: refuse(pointer, "must be a text such as \"0 2 * * *\" or an object, not \(json.typeName)")
        }
        guard mistakes.isEmpty, let schedule else { throw error }
        return schedule
    }

    private var error: TenonError {
        let code =
            mistakes.allSatisfy { $0.code == .timeUnknownZone }
            ? ErrorCode.timeUnknownZone : ErrorCode.scheduleInvalid
        let message = mistakes.first.map(\.message) ?? "It is empty."
        let more = mistakes.count > 1 ? " (and \(mistakes.count - 1) more)" : ""
        return TenonError(code, "The schedule cannot be read: \(message)\(more)", fields: mistakes)
    }

    private mutating func read(_ object: JSONObject) -> Schedule? {
        let place = pointer.appending("schedule")
        let zone = readZone(object)
        var schedule: Schedule?
        switch object["schedule"] {
        case .string(let text): schedule = readText(text, place, zone: zone)
        case nil, .null: refuse(place, "is missing; write a text such as \"0 2 * * *\"")
        case let other?: refuse(place, "must be a text such as \"0 2 * * *\", not \(other.typeName)")
        }
        var read = schedule ?? Schedule(text: "", rhythm: .every(.seconds(1)), zone: zone ?? .utc)
        readPolicies(object, &read)
        readClockChanges(object, &read)
        readBounds(object, &read)
        guard schedule != nil, mistakes.isEmpty else { return nil }
        refuseIfEmpty(read)
        return read
    }

    /// The text of a schedule; `zone` is what stands beside it.
    private mutating func readText(
        _ text: String, _ place: JSONPointer, zone: TimeZoneRules?
    ) -> Schedule? {
        do throws(TenonError) {
            let (zoneName, rest) = try Self.splitZone(text)
            var named = zone ?? .utc
            if let zoneName {
                named = try TimeZoneRules.named(zoneName)
                if let zone, zone.name != named.name {
                    throw TenonError(
                        .scheduleInvalid,
                        "The text says \"\(named.name)\" and \"timezone\" says \"\(zone.name)\".")
                }
            }
            let rhythm = try readRhythm(rest)
            if case .cron(let cron) = rhythm, !cron.everFires {
                throw TenonError(.scheduleInvalid, "\"\(cron)\" never comes: no month has such a day.")
            }
            return Schedule(text: text, rhythm: rhythm, zone: named)
        } catch {
            mistakes.append(
                FieldError(pointer: place.description, message: error.message, code: error.code))
            return nil
        }
    }

    /// The zone of `TZ=Europe/Berlin 0 2 * * *` and the rest.
    private static func splitZone(_ text: String) throws(TenonError) -> (zone: String?, rest: String) {
        for prefix in ["TZ=", "CRON_TZ="] where text.hasPrefix(prefix) {
            guard let space = text.firstIndex(of: " ") else {
                throw TenonError(.scheduleInvalid, "\"\(prefix)…\" is followed by a space and the schedule.")
            }
            let zone = text[..<space].dropFirst(prefix.count)
            return (String(zone), String(text[space...]))
        }
        return (nil, text)
    }

    private func readRhythm(_ text: String) throws(TenonError) -> Schedule.Rhythm {
        let words = text.split(separator: " ")
        guard words.first?.lowercased() == "@every" else {
            return .cron(try CronExpression(text, options: CronOptions(seed: id)))
        }
        guard words.count == 2, let period = SpanText.duration(String(words[1])) else {
            throw TenonError(
                .scheduleInvalid, "What follows \"@every\" is a length of time, such as 30s, 5m or 1h30m.")
        }
        let parts = period.components
        guard parts.seconds >= 1, parts.attoseconds == 0 else {
            throw TenonError(
                .scheduleInvalid, "What follows \"@every\" is a number of whole seconds, at least 1s.")
        }
        return .every(period)
    }

    private mutating func readZone(_ object: JSONObject) -> TimeZoneRules? {
        let place = pointer.appending("timezone")
        switch object["timezone"] {
        case nil, .null: return nil
        case .string(let name):
            do throws(TenonError) { return try TimeZoneRules.named(name) } catch {
                mistakes.append(
                    FieldError(pointer: place.description, message: error.message, code: error.code))
            }
        case let other?: refuse(place, "must be a text such as \"Europe/Berlin\", not \(other.typeName)")
        }
        return nil
    }

    private mutating func refuse(_ place: JSONPointer, _ message: String) {
        mistakes.append(FieldError(pointer: place.description, message: message, code: .scheduleInvalid))
    }
}

// MARK: - Policies and bounds

extension ScheduleReader {
    /// Longer delays would mix up ticks of different days.
    private static let longestJitter: Duration = .seconds(86_400)

    private mutating func readPolicies(_ object: JSONObject, _ schedule: inout Schedule) {
        schedule.misfire = choice(object["misfire"], pointer.appending("misfire")) ?? schedule.misfire
        schedule.overlap = choice(object["overlap"], pointer.appending("overlap")) ?? schedule.overlap
        schedule.jitter = span(object, "jitter", upTo: Self.longestJitter) ?? schedule.jitter
        schedule.catchUpWindow =
            span(object, "catchUpWindow", upTo: .seconds(400 * 86_400)) ?? schedule.catchUpWindow
    }

    private mutating func readClockChanges(_ object: JSONObject, _ schedule: inout Schedule) {
        let place = pointer.appending("dst")
        switch object["dst"] {
        case nil, .null: return
        case .object(let rules):
            schedule.clockChanges.gap = choice(rules["gap"], place.appending("gap"))
            schedule.clockChanges.fold = choice(rules["fold"], place.appending("fold"))
            for key in rules.keys where key != "gap" && key != "fold" {
                refuse(place.appending(key), "is not known; there are \"gap\" and \"fold\"")
            }
        case let other?: refuse(place, "must be an object, not \(other.typeName)")
        }
    }

    private mutating func readBounds(_ object: JSONObject, _ schedule: inout Schedule) {
        schedule.start = moment(object, "start", schedule.zone, isEnd: false)
        schedule.end = moment(object, "end", schedule.zone, isEnd: true)
        if let start = schedule.start, let end = schedule.end, end < start {
            refuse(pointer.appending("end"), "is before the start")
        }
    }

    private mutating func refuseIfEmpty(_ schedule: Schedule) {
        guard schedule.nextTick(after: Timestamp(microseconds: .min)) == nil else { return }
        refuse(pointer.appending("schedule"), "there is no tick between the start and the end")
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ value: JSON?, _ place: JSONPointer
    ) -> Choice? {
        guard let value, !value.isNull else { return nil }
        if let text = value.string, let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue)
        let list = choices.joined(separator: ", ")
        let suggestion = value.string.map { NearestName.suggestion(for: $0, among: choices) } ?? ""
        refuse(place, "must be one of \(list).\(suggestion)")
        return nil
    }

    private mutating func span(_ object: JSONObject, _ key: String, upTo longest: Duration) -> Duration? {
        guard let value = object[key], !value.isNull else { return nil }
        if let span = SpanText.duration(value), span <= longest { return span }
        let hours = longest.components.seconds / 3600
        refuse(
            pointer.appending(key),
            "must be a length of time such as 30s, 5m or 1h30m (or milliseconds), up to \(hours)h")
        return nil
    }

    /// A moment with an offset, or a date or time on the clocks of the zone. A date that is an end includes the
    /// day.
    private mutating func moment(
        _ object: JSONObject, _ key: String, _ zone: TimeZoneRules, isEnd: Bool
    ) -> Timestamp? {
        guard let value = object[key], !value.isNull else { return nil }
        if let text = value.string {
            if let moment = RFC3339.parse(text) {
                let whole = Timestamp(wholeSeconds: moment.seconds)
                return whole + .microseconds(Int64(moment.nanoseconds / 1000))
            }
            if let day = RFC3339.day(text) {
                let midnight = Self.instant((day + (isEnd ? 1 : 0)) * 86_400, zone)
                return Timestamp(wholeSeconds: midnight) + .microseconds(isEnd ? -1 : 0)
            }
            if let local = RFC3339.parse(text + "Z") ?? RFC3339.parse(text + ":00Z") {
                return Timestamp(wholeSeconds: Self.instant(local.seconds, zone))
            }
        }
        refuse(
            pointer.appending(key),
            "must be a date or a time, such as 2026-12-31, 2026-12-31T18:00 or 2026-12-31T18:00:00Z")
        return nil
    }

    /// The moment at which clocks show a time: the first in a fold, the end of a gap.
    private static func instant(_ local: Int64, _ zone: TimeZoneRules) -> Int64 {
        switch zone.instants(LocalTime(secondsFromEpochAsIfUTC: local)) {
        case .one(let instant): instant
        case .two(let first, _): first
        case .none(_, let transition): transition
        }
    }
}
