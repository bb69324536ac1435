/// A row that cannot be handed out because of one of its values.
struct BadRow {
    let row: UInt32
    /// In the file, from 0.
    let field: Int
    let problem: String
}

/// Chooses among the rows of a block.
struct CSVFilter {
    let fields: CSVFields
    let terms: [FilterTerm]
    let fieldOfColumn: [Int?]
    let columns: [String]

    /// Leaves the rows in `places` that all conditions hold for, and answers those that cannot be compared.
    func apply(to places: CSVPlaces) -> [BadRow] {
        var badRows: [BadRow] = []
        for term in terms {
            guard let field = fieldOfColumn[term.column] else {
                // A column that the file lacks is null everywhere.
                let holds = (term.test.holdsForNull) != term.isNegated
                if !holds { places.rowCount = 0 }
                continue
            }
            if let text = term.shortText, fields.isSimple {
                places.rowCount = keepEqual(places, field, text, isNegated: term.isNegated)
            } else {
                places.rowCount = keep(places, field, term, &badRows)
            }
        }
        return badRows
    }

    /// Without a branch that depends on the outcome: which rows match cannot be guessed.
    private func keepEqual(
        _ places: CSVPlaces, _ field: Int, _ text: ShortText, isNegated: Bool
    ) -> Int {
        let rows = places.rows
        let fields = fields
        let wanted = isNegated ? 0 : 1
        var kept = 0
        for index in 0..<places.rowCount {
            let row = rows[index]
            var (start, end) = fields.raw(row, field)
            rows[kept] = row
            var bytes = fields.bytes + start
            if fields.hasQuotes, bytes.pointee == fields.quote {
                let value = fields.text(row, field)
                bytes = value.start
                (start, end) = (0, value.count)
            }
            kept &+= text.equality(bytes, end &- start) == wanted ? 1 : 0
        }
        return kept
    }

    private func keep(
        _ places: CSVPlaces, _ field: Int, _ term: FilterTerm, _ badRows: inout [BadRow]
    ) -> Int {
        let rows = places.rows
        var kept = 0
        for index in 0..<places.rowCount {
            let row = rows[index]
            let text = fields.text(row, field)
            let holds: Bool
            if text.isNull {
                holds = term.test.holdsForNull
            } else {
                switch term.test.outcome(text.bytes) {
                case .holds: holds = true
                case .fails: holds = false
                case .bad:
                    let problem = "\"\(columns[term.column])\" cannot be compared: " + text.misfit
                    badRows.append(BadRow(row: row, field: field, problem: problem))
                    continue
                }
            }
            rows[kept] = row
            kept += holds != term.isNegated ? 1 : 0
        }
        return kept
    }
}

extension FieldTest {
    var holdsForNull: Bool {
        if case .isNull = self { true } else { false }
    }
}

extension FieldText {
    private static let shownBytes = 60

    /// "“abc” is not of its type", for people.
    var misfit: String {
        let shown = String(decoding: bytes.prefix(Self.shownBytes), as: UTF8.self)
        return "\"\(shown)\(count > Self.shownBytes ? "…" : "")\" is not of the column's type"
    }
}
