internal import TenonJSON
internal import TenonModel
internal import TenonSchedule
internal import TenonSchema
internal import TenonTime
internal import TenonWorkflow

extension FuzzTarget {
    /// The ticks of a schedule that can be read only go forward, the way back finds them again, and each is decided
    /// once.
    static let schedule = FuzzTarget(
        name: "schedule",
        seeds: [
            #"{"schedule": "*/15 0-6,22 L * MON-FRI", "timezone": "America/New_York", "jitter": "30s"}"#,
            #"{"schedule": "0 30 2 15W JAN,JUN 5#3", "timezone": "Australia/Lord_Howe", "misfire": "all"}"#,
            #""@every 90m""#, #""H H(0-7) * * *""#, #""0 0 29 2 *""#,
        ]
    ) { bytes in
        guard let json = try? JSONParser.parse(bytes),
            let schedule = try? Schedule.parse(json, at: JSONPointer(), id: "fuzz")
        else { return }
        let start = Timestamp(milliseconds: 1_774_746_000_000)
        var last = start
        for _ in 0..<5 {
            guard let next = schedule.nextTick(after: last) else { return }
            if next <= last { broken("ticks go forward") }
            if schedule.previousTick(before: next + .microseconds(1)) != next {
                broken("a tick is found again from behind")
            }
            if let before = schedule.previousTick(before: next), before > last {
                broken("no tick is left out")
            }
            let decisions = schedule.decide(lastHandled: last, now: next + .seconds(90_000), triggerID: "t")
            if zip(decisions, decisions.dropFirst()).contains(where: { $0.tick >= $1.firstTick }) {
                broken("each tick is decided once, in order")
            }
            if !decisions.isEmpty, decisions.first?.firstTick != next { broken("the first tick is decided") }
            last = next
        }
        let all = schedule.ticks(from: start + .microseconds(1), to: last + .microseconds(1), limit: 10)
        if all.count != 5 || all.last != last { broken("a range has the ticks that are in it") }
    }

    /// The bytes of a zone file are read or refused, and answer for any moment.
    static let zone = FuzzTarget(
        name: "zone", seeds: ["TZif2"],
        seedFiles: ["Europe/Berlin", "America/New_York", "Africa/Casablanca", "UTC"].map {
            "/usr/share/zoneinfo/\($0)"
        }
    ) { bytes in
        guard let zone = TimeZoneRules(name: "Fuzz/Zone", file: bytes) else { return }
        for moment in [Int64.min, .min + 1, -1 << 40, -1, 0, 1_774_746_000, 1 << 40, .max - 1, .max] {
            if let next = zone.nextTransition(after: moment), next <= moment {
                broken("transitions go forward")
            }
            if abs(zone.offset(at: moment)) > 26 * 3600 { broken("clocks are near UTC") }
            _ = zone.instants(LocalTime(unixSeconds: moment, offset: zone.offset(at: moment)))
        }
    }

    /// A schema is compiled or refused; a value is valid or has problems, both in bounded work.
    static let schema = FuzzTarget(
        name: "schema",
        seeds: [
            ##"{"$defs": {"n": {"$anchor": "x", "type": ["integer", "null"]}}, "properties": {"a": {"$ref": "#x"}}}"##
                + "\0" + #"{"a": 1.5}"#,
            ##"{"$dynamicAnchor": "t", "items": {"$dynamicRef": "#t"}, "unevaluatedItems": false}"##
                + "\0[[]]",
            #"{"patternProperties": {"^(a|b)+$": {"minimum": 1e3, "multipleOf": 0.01}}, "format": "date"}"#
                + "\0" + #"{"ab": 1e308}"#,
        ]
    ) { bytes in
        let parts = bytes.parts(2)
        guard let text = try? JSONParser.parse(parts[0]), let schema = try? JSONSchema(text),
            let value = try? JSONParser.parse(parts[1])
        else { return }
        let problems = schema.problems(in: value)
        if schema.problems(in: value).count != problems.count { broken("a value is judged the same twice") }
    }

    /// A workflow is compiled or refused.
    static let definition = FuzzTarget(
        name: "definition",
        seeds: [
            #"{"name": "w", "projectId": "p", "steps": [{"name": "a", "type": "data-transform", "order": 1,"#
                + #" "parameters": {"mapping": {"x": "{{ context.y * 2 }}"}}}], "triggers": [{"type": "schedule","#
                + #" "schedule": "0 2 * * *"}]}"#
        ]
    ) { bytes in
        guard let json = try? JSONParser.parse(bytes) else { return }
        guard let definition = try? WorkflowDefinition.parse(json).definition else { return }
        _ = try? CompiledWorkflow(definition)
    }
}
