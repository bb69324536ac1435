internal import TenonJSON
internal import TenonModel
internal import TenonTime

// What a schedule says besides its text: policies and bounds.

extension ScheduleReader {
    /// Longer delays would mix up ticks of different days.
    private static let longestJitter: Duration = .seconds(86_400)

    mutating func readPolicies(_ object: JSONObject, _ schedule: inout Schedule) {
        schedule.misfire = choice(object["misfire"], pointer.appending("misfire")) ?? schedule.misfire
        schedule.overlap = choice(object["overlap"], pointer.appending("overlap")) ?? schedule.overlap
        schedule.jitter = span(object, "jitter", upTo: Self.longestJitter) ?? schedule.jitter
        schedule.catchUpWindow =
            span(object, "catchUpWindow", upTo: .seconds(400 * 86_400)) ?? schedule.catchUpWindow
    }

    mutating func readClockChanges(_ object: JSONObject, _ schedule: inout Schedule) {
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

    mutating func readBounds(_ object: JSONObject, _ schedule: inout Schedule) {
        schedule.start = moment(object, "start", schedule.zone, isEnd: false)
        schedule.end = moment(object, "end", schedule.zone, isEnd: true)
        if let start = schedule.start, let end = schedule.end, end < start {
            refuse(pointer.appending("end"), "is before the start")
        }
    }

    mutating func refuseIfEmpty(_ schedule: Schedule) {
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

    private mutating func moment(
        _ object: JSONObject, _ key: String, _ zone: TimeZoneRules, isEnd: Bool
    ) -> Timestamp? {
        guard let value = object[key], !value.isNull else { return nil }
        if let text = value.string, let moment = BoundText.moment(text, in: zone, isEnd: isEnd) {
            return moment
        }
        refuse(
            pointer.appending(key),
            "must be a date or a time, such as 2026-12-31, 2026-12-31T18:00 or 2026-12-31T18:00:00Z")
        return nil
    }
}
