internal import TenonColumns
internal import TenonModel

/// A batch on its way through a pass: filters only narrow the selection, values move once at the end.
struct Frame {
    /// By slot. All have `rowCount` rows, whatever is selected.
    private(set) var columns: [Column?]
    /// The first slots hold columns of the batch, which has so many bytes.
    private let inputCount: Int
    private let batchByteCount: Int
    let rowCount: Int
    /// The selected rows, ascending; nil: all.
    var rows: [Int32]?

    /// The time that expressions see: that of the run's beginning.
    let now: Timestamp?

    init(_ batch: Batch, for pass: PlannedPass, now: Timestamp? = nil) {
        self.now = now
        columns = pass.inputs.map { $0.map { batch.columns[$0] } }
        inputCount = columns.count
        batchByteCount = batch.byteCount
        columns.append(contentsOf: repeatElement(nil, count: max(0, pass.slotCount - columns.count)))
        rowCount = batch.rowCount
    }

    var count: Int { rows?.count ?? rowCount }

    func column(_ slot: Int) -> Column { columns[slot] ?? .nulls(.null, count: rowCount) }

    mutating func set(_ slot: Int, _ column: Column) { columns[slot] = column }

    func row(_ position: Int) -> Int { rows.map { Int($0[position]) } ?? position }

    /// About the bytes of the selected rows in some columns.
    func byteCount(_ slots: [Int]) -> Int {
        guard rowCount > 0 else { return 0 }
        var total = 0
        for slot in slots { total += columns[slot]?.byteCount ?? 0 }
        return rows == nil ? total : total * count / rowCount
    }

    /// The selected rows as a batch of their own.
    func gathered(_ slots: [Int], _ schema: Schema) -> Batch {
        guard let rows, rows.count < rowCount else {
            return handedOn(slots, schema)
        }
        var known: [Int: Column] = [:]
        let result = slots.map { slot in
            if let column = known[slot] { return column }
            let column = column(slot).gathered(rows)
            known[slot] = column
            return column
        }
        return Batch(schema: schema, columns: result, rowCount: rows.count)
    }

    /// All rows. A batch out of a cell lies in one piece of memory that each of its columns keeps: where less
    /// than half of it goes on, that is copied, so that what waits takes about the bytes that it is counted
    /// with.
    private func handedOn(_ slots: [Int], _ schema: Schema) -> Batch {
        let kept = Set(slots.filter { $0 < inputCount })
        guard byteCount(Array(kept)) * 2 < batchByteCount else {
            return Batch(schema: schema, columns: slots.map(column), rowCount: rowCount)
        }
        let rows = (0..<rowCount).map { Int32(truncatingIfNeeded: $0) }
        var copies: [Int: Column] = [:]
        for slot in kept { copies[slot] = column(slot).gathered(rows) }
        return Batch(schema: schema, columns: slots.map { copies[$0] ?? column($0) }, rowCount: rowCount)
    }
}
