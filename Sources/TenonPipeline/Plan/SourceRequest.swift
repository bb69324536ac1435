package import TenonColumns
package import TenonJSON

/// A column that the source is asked for.
package struct RequestedColumn: Sendable, Equatable {
    package let name: String
    /// Whether as the other system writes its values, because nothing looks at them.
    package let isLate: Bool

    package init(_ name: String, isLate: Bool = false) {
        self.name = name
        self.isLate = isLate
    }
}

/// What a pipeline asks of its source, so that as little as possible is read, parsed and handed over.
package struct SourceRequest: Sendable {
    /// In the source's order; nil: all, with their types.
    package let columns: [RequestedColumn]?
    /// All must hold.
    package let filter: [PushedComparison]
    /// Counts records after the filter.
    package let limit: Int?

    /// The columns that the source announced.
    let announced: Schema
    let limitPlace: TransformationPlace?
    /// The columns where the host has to apply the filter.
    let columnsWithFilter: [RequestedColumn]?

    /// The request of a stream with what is asked for added, as `open_reader` wants it.
    package func adding(to request: JSONObject) -> JSONObject {
        var request = request
        if let columns {
            request["columns"] = .array(
                columns.map {
                    $0.isLate ? ["name": .string($0.name), "as": "text"] : ["name": .string($0.name)]
                })
        }
        if !filter.isEmpty { request["filter"] = ["all": .array(filter.map(\.json))] }
        if let limit { request["limit"] = .int(Int64(limit)) }
        return request
    }

    /// The request with which the reader must be opened anew because it follows less than was hoped for: the
    /// host filters, so it needs typed values, and a limit may not come before its filter. Nil: go on with
    /// what was opened.
    package func withoutLate(_ honoured: Honoured) -> SourceRequest? {
        guard !filter.isEmpty, honoured.filter != .exact else { return nil }
        let needsColumns = honoured.columns && columns != columnsWithFilter
        guard needsColumns || (limit != nil && honoured.limit) else { return nil }
        return SourceRequest(
            columns: columnsWithFilter, filter: honoured.filter == .partial ? filter : [], limit: nil,
            announced: announced, limitPlace: nil, columnsWithFilter: columnsWithFilter)
    }

    /// What the source does of the pipeline.
    func pushed(_ honoured: Honoured) -> PushedWork {
        var pushed = PushedWork()
        guard filter.isEmpty || honoured.filter == .exact else { return pushed }
        pushed.filters = Set(filter.map(\.place))
        if limit != nil, honoured.limit { pushed.limit = limitPlace }
        return pushed
    }
}

extension SourceRequest {
    /// Asks for nothing but all records with these columns.
    package init(everythingOf columns: Schema) {
        self.init(
            columns: nil, filter: [], limit: nil, announced: columns, limitPlace: nil, columnsWithFilter: nil)
    }
}
