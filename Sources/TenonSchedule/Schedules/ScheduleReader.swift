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
    let pointer: JSONPointer
    private let id: String
    private(set) var mistakes: [FieldError] = []

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
        let text = text.drop(while: isSpace)
        let word = text.prefix { !isSpace($0) }
        for prefix in ["TZ=", "CRON_TZ="] where word.uppercased().hasPrefix(prefix) {
            guard word.endIndex < text.endIndex else {
                throw TenonError(.scheduleInvalid, "\"\(prefix)…\" is followed by a space and the schedule.")
            }
            return (String(word.dropFirst(prefix.count)), String(text[word.endIndex...]))
        }
        return (nil, String(text))
    }

    /// What stands between the words of a schedule.
    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }

    private func readRhythm(_ text: String) throws(TenonError) -> Schedule.Rhythm {
        let words = text.split(whereSeparator: Self.isSpace)
        guard words.first?.lowercased() == "@every" else {
            return .cron(try CronExpression(text, options: CronOptions(seed: id)))
        }
        guard words.count == 2, let period = SpanText.duration(String(words[1])) else {
            throw TenonError(
                .scheduleInvalid,
                "What follows \"@every\" is a length of time, such as 30s, 5m or 1h30m, of at most "
                    + "\(SpanText.mostDays) days.")
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

    mutating func refuse(_ place: JSONPointer, _ message: String) {
        mistakes.append(FieldError(pointer: place.description, message: message, code: .scheduleInvalid))
    }
}
