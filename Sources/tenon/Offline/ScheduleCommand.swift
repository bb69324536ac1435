internal import ArgumentParser
internal import TenonClient
internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonTime

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "The texts that say when a trigger fires.",
        subcommands: [ScheduleNextCommand.self])
}

struct ScheduleNextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Show the next ticks of a schedule; needs no host.",
        discussion: """
            Example:
              tenon schedule next '30 2 * * mon-fri' --timezone Europe/Berlin
              tenon schedule next '@every 90m' --from 2026-12-31 --count 3
              tenon schedule next '{"schedule": "30 2 * * *", "timezone": "Europe/Berlin", "dst": {"gap": "skip"}}'

            Ticks are shown on the clocks of the schedule's zone, which is UTC where none is given.
            """)

    @Argument(help: "Five or six cron fields, @daily and the like, @every, or a whole trigger as JSON.")
    var schedule: String
    @Option(help: "A zone of the IANA database, or an offset such as +02:00.")
    var timezone: String?
    @Option(help: "How many ticks, at most 1000.")
    var count = 5
    @Option(help: "The first moment that counts, such as 2026-11-24 or 2026-11-24T02:00; now where left out.")
    var from: String?
    @Option(help: "The id of the trigger whose H is meant.")
    var trigger = "schedule"
    @Flag(help: "Print the ticks, or the problem, as JSON.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("--count is a number from 1 to 1000.") }
    }

    func run() async throws {
        let body = try body()
        let schedule = try Schedule.parse(body, id: trigger)
        var ticks: [String]
        if let from {
            guard let first = BoundText.moment(from, in: schedule.zone, isEnd: false) else {
                throw ValidationError(
                    "--from takes a time such as 2026-11-24, 2026-11-24T02:00 or 2026-11-24T02:00:00+01:00, "
                        + "not \"\(from)\".")
            }
            ticks = schedule.ticks(from: first, limit: count).map(schedule.tickText)
        } else {
            ticks = schedule.nextTicksText(count, after: SystemTime().now())
        }
        if json {
            return Output.json([
                "schedule": .string(schedule.text), "timezone": .string(schedule.zone.name),
                "nextTicks": .array(ticks.map { .string($0) }),
            ])
        }
        for tick in ticks { Output.line(tick) }
        if ticks.isEmpty { Output.errorLine("note:  no tick comes any more") }
        if body["enabled"] == false {
            Output.errorLine("note:  the trigger is not enabled: it does not fire")
        }
    }

    /// The schedule as it would stand in a definition.
    private func body() throws -> JSON {
        guard schedule.first(where: { !$0.isWhitespace }) == "{" else {
            var object: JSONObject = ["schedule": .string(schedule)]
            object["timezone"] = timezone.map { .string($0) }
            return .object(object)
        }
        guard timezone == nil else {
            throw ValidationError("Say the timezone in the trigger, and leave --timezone out.")
        }
        let trigger: JSON
        do throws(JSONError) {
            trigger = try JSONParser.parse(schedule)
        } catch {
            throw ValidationError("The trigger is not valid JSON: \(error).")
        }
        if let type = trigger["type"], type != "schedule" {
            throw ValidationError(
                "A trigger of type \(type.text) has no ticks; those of type \"schedule\" have.")
        }
        let known = TriggerReader.members
        if let unknown = trigger.object?.keys.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "A trigger has no \"\(unknown)\".\(NearestName.suggestion(for: unknown, among: known))")
        }
        return trigger
    }
}
