internal import TenonJSON

/// Rows in aligned columns.
struct Table {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header.map { $0.uppercased() }] }

    mutating func append(_ row: [String]) { rows.append(row) }

    /// A table of the members of objects.
    init(_ items: [JSON], _ columns: [(title: String, key: String)]) {
        self.init(columns.map(\.title))
        for item in items { append(columns.map { item[$0.key].map(Self.text) ?? "" }) }
    }

    /// A value as a person reads it.
    static func text(_ value: JSON) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: value.text
        }
    }

    func print() {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for (index, row) in rows.enumerated() {
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            Output.line(index == 0 ? Output.bold(line) : line)
        }
    }
}
