internal import TenonJSON

/// An object as a list of names and values; lists and objects inside are printed below.
struct Facts {
    let body: JSON

    init(_ body: JSON) { self.body = body }

    func print() {
        let members = body.object?.members ?? []
        let width = members.map(\.key.count).max() ?? 0
        for (key, value) in members {
            let name = key + String(repeating: " ", count: width - key.count)
            switch value {
            case .array(let items) where items.isEmpty: continue
            case .object(let object) where object.isEmpty: continue
            case .array, .object:
                Output.line("\(Output.bold(name))")
                for line in value.prettyText.split(separator: "\n") { Output.line("  \(line)") }
            case .null: continue
            default: Output.line("\(Output.bold(name))  \(Table.text(value))")
            }
        }
    }
}
