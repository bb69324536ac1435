internal import TenonBatches
internal import TenonConnectorKit

extension ReadPlan {
    /// Works out what a request asks of `stream`. What its filter has that this reader cannot follow to the
    /// letter is left to the host.
    init(_ request: ReadRequest, _ stream: FileStream) throws(ConnectorError) {
        columns = stream.columns
        var output: [ColumnPlan] = []
        for wanted in request.columns ?? stream.columns.map({ RequestedColumn($0.name) }) {
            guard let index = stream.columns.firstIndex(where: { $0.name == wanted.name }) else {
                throw ConnectorError(
                    .invalidArgument,
                    "The stream \"\(stream.name)\" has no column \"\(wanted.name)\"; it has "
                        + stream.columns.prefix(20).map { "\"\($0.name)\"" }.joined(separator: ", ") + ".",
                    effect: .notApplied, fieldPath: "/columns")
            }
            output.append(Self.plan(index, stream.columns[index], wanted, stream.form))
        }
        self.output = output
        let terms = (request.filter ?? []).map { FilterTerm($0, stream.columns) }
        filter = terms.compactMap { $0 }
        isFilterExact = filter.count == terms.count
        // Counted after the whole filter, or not at all.
        limit = isFilterExact ? request.limit : nil
    }

    private static func plan(
        _ index: Int, _ column: ColumnDescription, _ wanted: RequestedColumn, _ form: RecordForm
    ) -> ColumnPlan {
        guard wanted.isText else { return ColumnPlan(column: index, description: column, isCopied: false) }
        switch form {
        case .csv:
            let late = column.kind == .utf8 ? nil : column.kind
            return ColumnPlan(
                column: index, description: ColumnDescription(column.name, .utf8, late: late), isCopied: true)
        case .ndjson:
            let late = column.kind == .json ? nil : column.kind
            return ColumnPlan(
                column: index, description: ColumnDescription(column.name, .json, late: late), isCopied: true)
        }
    }

    /// What of `request`, which the plan was made of, is followed.
    func honoured(_ request: ReadRequest) -> Honoured {
        let exactness: Honoured.Exactness =
            request.hasUnknownFilter ? .none : isFilterExact ? .exact : filter.isEmpty ? .none : .partial
        return Honoured(
            columns: !request.hasUnknownColumns, filter: exactness,
            limit: exactness == .exact && !request.hasUnknownLimit)
    }
}
