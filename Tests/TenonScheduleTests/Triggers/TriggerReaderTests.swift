import TenonJSON
import TenonModel
import TenonSchedule
import Testing

@Suite struct TriggerReaderTests {
    private func read(_ definition: JSONObject) -> TriggerReader {
        TriggerReader(definition, kind: "pipeline", definitionID: "p", takesContext: false)
    }

    private func places(_ triggers: [JSON]) -> [String] {
        read(["triggers": .array(triggers)]).mistakes.map(\.pointer)
    }

    @Test func `a schedule beside the triggers is one of them`() {
        let reader = read([
            "schedule": "0 2 * * *",
            "triggers": [
                ["type": "schedule", "schedule": "@hourly"], ["type": "event", "id": "new-order"],
            ],
        ])
        #expect(reader.mistakes.isEmpty)
        #expect(reader.triggers.map(\.key) == ["schedule", "1", "new-order"])
        #expect(reader.triggers.map { $0.schedule?.text } == ["0 2 * * *", "@hourly", nil])
        #expect(reader.unfired.map { "\($0.pointer)" } == ["/triggers/1"])
    }

    @Test func `each mistake is told with its place`() {
        #expect(places([1]) == ["/triggers/0"])
        #expect(places([["type": "schedul"]]) == ["/triggers/0/type"])
        #expect(places([[:]]) == ["/triggers/0/type"])
        #expect(places([["type": "schedule"]]) == ["/triggers/0/schedule"])
        #expect(
            places([["type": "manual", "id": "1"], ["type": "event", "id": "1"]]) == ["/triggers/1/id"])
        #expect(places([["type": "event", "id": "a:b"]]) == ["/triggers/0/id"])
        #expect(places([["type": "event", "enabled": "yes"]]) == ["/triggers/0/enabled"])
        #expect(read(["schedule": 1]).mistakes.map(\.pointer) == ["/schedule"])
        #expect(read(["schedule": "nonsense"]).mistakes.map(\.pointer) == ["/schedule"])
        #expect(read(["triggers": "x"]).mistakes.map(\.pointer) == ["/triggers"])
        let manual: JSON = ["type": "manual"]
        let many = Array(repeating: manual, count: Limits.triggersPerDefinition + 1)
        #expect(places(many) == ["/triggers"])
    }

    @Test func `what nobody reads is told, with what was probably meant`() {
        let reader = read(["triggers": [["type": "schedule", "schedule": "@daily", "timezon": "UTC"]]])
        #expect(reader.unknown.map { "\($0.pointer)" } == ["/triggers/0/timezon"])
        #expect(reader.unknown.first?.message.contains("\"timezone\"") ?? false)
    }

    @Test func `a disabled definition disables its triggers`() {
        let reader = read(["enabled": false, "schedule": "@daily", "triggers": [["type": "webhook"]]])
        #expect(reader.triggers.map(\.isEnabled) == [false, false])
    }

    @Test func `policies do not make other ticks, zone and bounds do`() {
        func ticks(_ more: JSONObject) -> String? {
            var trigger: JSONObject = ["type": "schedule", "schedule": "@daily"]
            for (key, value) in more { trigger[key] = value }
            return read(["triggers": [.object(trigger)]]).triggers.first?.ticksText
        }
        #expect(ticks(["overlap": "allow", "misfire": "all", "jitter": "1m", "id": "x"]) == ticks([:]))
        #expect(ticks(["timezone": "Europe/Berlin"]) != ticks([:]))
        #expect(ticks(["end": "2030-01-01"]) != ticks([:]))
        #expect(ticks(["dst": ["gap": "skip", "fold": "both"]]) != ticks([:]))
    }

    @Test func `another way to write the same, and members that nobody reads, do not make other ticks`() {
        func ticks(_ trigger: JSON) -> String? { read(["triggers": [trigger]]).triggers.first?.ticksText }
        let plain = ticks(["type": "schedule", "schedule": "0  2 * * *"])
        #expect(plain == ticks(["schedule": " 0 2 * * *", "note": "x", "timezone": nil, "type": "schedule"]))
        #expect(plain == ticks(["type": "schedule", "schedule": "0 2 * * *", "timezone": "UTC", "dst": [:]]))
        #expect(
            ticks(["type": "schedule", "schedule": "@daily", "dst": ["gap": "skip", "fold": "last"]])
                == ticks(["type": "schedule", "schedule": "@daily", "dst": ["fold": "last", "gap": "skip"]]))
    }

    @Test func `a trigger without an id has its number, or the next that no other is called by`() {
        let manual: JSON = ["type": "manual"]
        #expect(read(["triggers": [manual, manual]]).triggers.map(\.key) == ["1", "2"])
        let reader = read(["triggers": [["type": "manual", "id": "2"], manual, manual]])
        #expect(reader.mistakes.isEmpty && reader.triggers.map(\.key) == ["2", "3", "4"])
    }
}
