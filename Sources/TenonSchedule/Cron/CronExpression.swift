package import TenonModel
package import TenonTime

/// A cron expression: five fields (minute, hour, day of month, month, day of week), six with seconds first, or
/// an alias such as `@daily`.
package struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// As it was written, without spaces around it.
    package let description: String
    let days: CronDays
    let clock: CronClock
    /// Whether its hours are a rhythm (`*`, `*/2`, all of them) rather than times of day.
    let isRhythm: Bool

    private static let maxLength = 512
    private static let aliases = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Throws `schedule.invalid`.
    package init(_ text: String, options: CronOptions = CronOptions()) throws(TenonError) {
        guard text.utf8.count <= Self.maxLength else {
            throw TenonError(.scheduleInvalid, "A schedule has at most \(Self.maxLength) characters.")
        }
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        description = words.joined(separator: " ")
        let fields = try Self.fields(words, options)
        let read = try Self.read(fields, seed: options.seed)
        days = CronDays(months: read[4].numbers, ofMonth: read[3], ofWeek: read[5])
        clock = CronClock(hours: read[2].numbers, minutes: read[1].numbers, seconds: read[0].numbers)
        isRhythm = read[2].values.count > 1 && (read[2].isRhythm || read[2].values.count == 24)
    }

    /// Six fields, seconds first.
    private static func fields(_ words: [String], _ options: CronOptions) throws(TenonError) -> [String] {
        if words.count == 1, words[0].hasPrefix("@") {
            guard let alias = aliases[words[0].lowercased()] else {
                let suggestion = NearestName.suggestion(for: words[0], among: aliases.keys.sorted())
                throw TenonError(.scheduleInvalid, "There is no alias \"\(words[0])\".\(suggestion)")
            }
            return ["0"] + alias.split(separator: " ").map(String.init)
        }
        guard options.fields.contains(words.count) else {
            throw TenonError(
                .scheduleInvalid,
                "A schedule has five fields (minute, hour, day of month, month, day of week), or six with seconds"
                    + " first; this has \(words.count).")
        }
        return words.count == 5 ? ["0"] + words : words
    }

    private static func read(_ fields: [String], seed: String?) throws(TenonError) -> [CronField] {
        let kinds: [CronFieldKind] = [.second, .minute, .hour, .dayOfMonth, .month, .dayOfWeek]
        var read: [CronField] = []
        for (field, kind) in zip(fields, kinds) { read.append(try CronField.parse(field, kind, seed: seed)) }
        return read
    }

    /// Whether it means this time of a wall clock.
    package func matches(_ local: LocalTime) -> Bool {
        clock.contains(local.hour * 3600 + local.minute * 60 + local.second)
            && days.contains(
                CivilDate(year: Int64(local.year), month: Int64(local.month), day: Int64(local.day)))
    }

    /// Whether there is a date that it means: `0 0 30 2 *` is well written and never comes.
    package var everFires: Bool { days.areAny }
}

/// How cron expressions are read.
package struct CronOptions: Sendable {
    /// How many fields there may be: 5, 6 or both.
    package var fields: ClosedRange<Int>
    /// Decides what `H` stands for: the id of the trigger.
    package var seed: String?

    package init(fields: ClosedRange<Int> = 5...6, seed: String? = nil) {
        self.fields = fields.clamped(to: 5...6)
        self.seed = seed
    }
}

// MARK: - The wall clock

extension CronExpression {
    /// The first wall-clock time from `local` on (seconds as if in UTC), or nil where there is none.
    func localTime(from local: Int64) -> Int64? {
        let day = local.flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        if days.contains(date), let second = clock.first(from: Int(local - day * 86_400)) {
            return day * 86_400 + Int64(second)
        }
        guard let next = days.first(after: date) else { return nil }
        return next * 86_400 + Int64(clock.first)
    }

    /// The last wall-clock time before `local`, or nil where there is none.
    func localTime(before local: Int64) -> Int64? {
        let day = (local - 1).flooredDivision(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        if days.contains(date), let second = clock.last(upTo: Int(local - 1 - day * 86_400)) {
            return day * 86_400 + Int64(second)
        }
        guard let last = days.last(before: date) else { return nil }
        return last * 86_400 + Int64(clock.last)
    }
}
