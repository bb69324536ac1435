internal import TenonColumns
internal import TenonExpression
internal import TenonJSON

extension Transformation {
    private static let maxFields = 12

    /// What it does, in a line.
    var text: String {
        switch kind {
        case .filter(.comparison(let comparison)): return "filter \(comparison.text)"
        case .filter(.expression(let expression, _)): return "filter \(expression.text)"
        case .map(let mappings): return "map \(Self.list(mappings.map(\.text)))"
        case .aggregate(let aggregation): return aggregation.text
        case .select(let fields): return "select \(Self.list(fields.map(\.name)))"
        case .drop(let fields): return "drop \(Self.list(fields.map(\.name)))"
        case .rename(let renames):
            return "rename \(Self.list(renames.map { "\($0.field.name) to \($0.newName)" }))"
        case .cast(let casts):
            return "cast \(Self.list(casts.map { "\($0.field.name) to \($0.type.name)" }))"
        case .limit(let count): return "limit \(count)"
        }
    }

    static func list(_ names: [String]) -> String {
        let more = names.count - maxFields
        let shown = names.prefix(maxFields).joined(separator: ", ")
        return more > 0 ? "\(shown) and \(more) more" : shown
    }
}

extension Comparison {
    fileprivate var text: String {
        switch operation {
        case .exists, .isNull:
            let isPlain = value.bool ?? true
            return "\(path.text) \(operation.rawValue)\(isPlain ? "" : " false")"
        default: return "\(path.text) \(operation.rawValue) \(value.text)"
        }
    }
}

extension Mapping {
    fileprivate var text: String {
        switch source {
        case .path(let path): path.text == name ? name : "\(name) from \(path.text)"
        case .template(let json, _): "\(name) = \(json.string ?? json.text)"
        }
    }
}

extension Aggregation {
    fileprivate var text: String {
        let items = items.map { item in
            let of = item.path.map { " of \($0.text)" } ?? ""
            return "\(item.operation)\(of) as \(item.name)"
        }
        let groups = groupBy.map(\.text)
        let by = groups.isEmpty ? "" : " by \(Transformation.list(groups))"
        return "aggregate \(Transformation.list(items))\(by)"
    }
}
