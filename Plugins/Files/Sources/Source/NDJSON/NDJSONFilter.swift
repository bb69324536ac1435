internal import TenonBatches

/// Tests the fields of a line.
final class NDJSONFilter {
    /// A text that a field is to be equal to: most filters are nothing else.
    private struct Quick: BitwiseCopyable {
        let key: Int
        let text: ShortText
        let term: Int
        let isNegated: Bool
    }

    private let terms: [FilterTerm]
    private let columns: [ColumnDescription]
    private let quick: UnsafeMutablePointer<Quick>
    private let quickCount: Int
    private let slow: [Int]

    init(_ plan: ReadPlan) {
        terms = plan.filter
        columns = plan.columns
        let found = plan.filter.enumerated().compactMap { index, term in
            term.shortText.map {
                Quick(key: term.column, text: $0, term: index, isNegated: term.isNegated)
            }
        }
        quick = .allocate(capacity: max(1, found.count))
        quick.initialize(from: found, count: found.count)
        quickCount = found.count
        slow = terms.indices.filter { index in !found.contains { $0.term == index } }
    }

    deinit { quick.deallocate() }

    /// Whether all conditions hold for a line with these fields of `text`; `bad` and the column where a value
    /// is not of its type. `scratch` has room for the whole text.
    @inline(__always)
    func outcome(
        _ row: UnsafePointer<JSONField>, _ text: UnsafeRawBufferPointer, _ base: UnsafePointer<UInt8>,
        _ scratch: UnsafeMutablePointer<UInt8>
    ) -> (FieldTest.Outcome, column: Int) {
        for index in 0..<quickCount {
            let wanted = quick[index]
            let field = row[wanted.key]
            if field.kind == .string {
                let equality = wanted.text.equality(base + (field.start &+ 1), field.end &- field.start &- 2)
                if (equality == 0) != wanted.isNegated { return (.fails, -1) }
            } else {
                let outcome = careful(terms[wanted.term], field, text, scratch)
                if outcome != .holds { return (outcome, wanted.key) }
            }
        }
        return slow.isEmpty ? (.holds, -1) : slowOutcome(row, text, scratch)
    }

    @inline(never)
    private func slowOutcome(
        _ row: UnsafePointer<JSONField>, _ text: UnsafeRawBufferPointer,
        _ scratch: UnsafeMutablePointer<UInt8>
    ) -> (FieldTest.Outcome, column: Int) {
        for index in slow {
            let column = terms[index].column
            let outcome = careful(terms[index], row[column], text, scratch)
            if outcome != .holds { return (outcome, column) }
        }
        return (.holds, -1)
    }

    @inline(never)
    private func careful(
        _ term: FilterTerm, _ field: JSONField, _ text: UnsafeRawBufferPointer,
        _ scratch: UnsafeMutablePointer<UInt8>
    ) -> FieldTest.Outcome {
        let outcome: FieldTest.Outcome
        if field.isNull {
            outcome = term.test.holdsForNull ? .holds : .fails
        } else if term.test.holdsForNull {
            outcome = .fails
        } else if let value = NDJSONValue.text(field, text, columns[term.column].kind, scratch) {
            outcome = term.test.outcome(value)
        } else {
            outcome = .bad
        }
        guard term.isNegated else { return outcome }
        return outcome == .holds ? .fails : outcome == .fails ? .holds : .bad
    }
}
