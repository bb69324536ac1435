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
            if case .text(.equals(let literal)) = term.test, fields.isPlain, literal.count > 0 {
                places.rowCount = keepEqual(places, field, literal, isNegated: term.isNegated)
            } else {
                places.rowCount = keep(places, field, term, &badRows)
            }
        }
        return badRows
    }

    /// Without a branch that depends on the outcome: which rows match cannot be guessed.
    private func keepEqual(
        _ places: CSVPlaces, _ field: Int, _ literal: TextLiteral, isNegated: Bool
    ) -> Int {
        let rows = places.rows
        let fields = fields
        var kept = 0
        if literal.count > 16 {
            for index in 0..<places.rowCount {
                let row = rows[index]
                let (start, end) = fields.raw(row, field)
                rows[kept] = row
                let isEqual = literal.equals(fields.bytes + start, end &- start)
                kept &+= isEqual != isNegated ? 1 : 0
            }
            return kept
        }
        let count = literal.count
        for index in 0..<places.rowCount {
            let row = rows[index]
            let (start, end) = fields.raw(row, field)
            rows[kept] = row
            let isEqual = (end &- start == count ? 1 : 0) & (literal.startsLike(fields.bytes + start) ? 1 : 0)
            kept &+= isEqual ^ (isNegated ? 1 : 0)
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
