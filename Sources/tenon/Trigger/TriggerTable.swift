internal import TenonJSON

/// Triggers in a table, the next ticks of each below one another.
struct TriggerTable {
    private var table = Table(["definition", "schedule", "zone", "status", "next", "id"])

    init(_ triggers: [JSON]) {
        for trigger in triggers {
            let ticks = (trigger["nextTicks"]?.array ?? []).map(Table.text)
            let facts = ["definitionName", "schedule", "timezone", "status"].map { name in
                trigger[name].map(Table.text) ?? ""
            }
            table.append(facts + [ticks.first ?? "", trigger["id"].map(Table.text) ?? ""])
            for tick in ticks.dropFirst() { table.append(["", "", "", "", tick]) }
        }
    }

    func print() { table.print() }
}
