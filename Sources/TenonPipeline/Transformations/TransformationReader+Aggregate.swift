internal import TenonColumns
internal import TenonJSON
internal import TenonModel

extension TransformationReader {
    private static let laterOperations = ["median", "stddev", "percentile", "list"]

    mutating func aggregate() -> Transformation.Kind? {
        let place = reader.pointer.appending("aggregation")
        let list: [(JSON, JSONPointer)]
        switch reader.object["aggregation"] {
        case .array(let elements): list = elements.enumerated().map { ($1, place.appending($0)) }
        case .object(let object): list = [(.object(object), place)]
        default: list = []
        }
        guard !list.isEmpty else {
            reader.fail(
                "must be an object with \"operation\" and \"field\", or a list of them", "aggregation")
            return nil
        }
        var groupBy = reader.strings("groupBy")
        var drafts: [(reader: DefinitionReader, operation: String, path: FieldPath?)] = []
        for (json, place) in list {
            var inner = DefinitionReader(json, at: place)
            if let own = inner.strings("groupBy") {
                if let known = groupBy, known != own {
                    inner.fail("must be the same in all aggregations of one transformation", "groupBy")
                }
                groupBy = own
            }
            if let draft = draft(&inner) { drafts.append((inner, draft.operation, draft.path)) }
            reader.mistakes += inner.mistakes
        }
        guard reader.mistakes.isEmpty else { return nil }
        guard let groups = paths(groupBy ?? []) else { return nil }
        let items = drafts.map { draft in
            item(draft.reader, draft.operation, draft.path, isGrouped: !groups.isEmpty)
        }
        checkNames(groups, items)
        return .aggregate(Aggregation(items: items, groupBy: groups, pointer: place))
    }

    private mutating func draft(_ inner: inout DefinitionReader) -> (operation: String, path: FieldPath?)? {
        let operation = inner.requiredString("operation")
        guard !operation.isEmpty else { return nil }
        let names = AggregateOperation.allCases.map(\.rawValue)
        guard AggregateOperation(rawValue: operation) != nil else {
            if Self.laterOperations.contains(operation) {
                inner.fail(
                    "\"\(operation)\" is not offered by this version, which has \(names.joined(separator: ", "))",
                    "operation", .pipelineUnsupported)
            } else {
                let suggestion = NearestName.suggestion(for: operation, among: names)
                inner.fail(
                    "\"\(operation)\" is not one of \(names.joined(separator: ", ")).\(suggestion)",
                    "operation")
            }
            return nil
        }
        if operation == "count", inner.object["field"] == nil || inner.object["field"] == "*" {
            return (operation, nil)
        }
        let field = inner.requiredString("field")
        guard !field.isEmpty else { return nil }
        guard let path = FieldPath(field) else {
            inner.fail("\"\(field)\" is not a path such as \"id\" or \"specs.sizes[0]\"", "field")
            return nil
        }
        return (operation, path)
    }

    private mutating func paths(_ names: [String]) -> [FieldPath]? {
        var paths: [FieldPath] = []
        for name in names {
            guard let path = FieldPath(name) else {
                reader.fail("\"\(name)\" is not a path such as \"id\" or \"specs.sizes[0]\"", "aggregation")
                return nil
            }
            paths.append(path)
        }
        return paths
    }

    private func item(
        _ inner: DefinitionReader, _ operation: String, _ path: FieldPath?, isGrouped: Bool
    ) -> Aggregation.Item {
        let standard = path.map { isGrouped ? "\(operation)_\($0.text)" : $0.text } ?? operation
        return Aggregation.Item(
            operation: operation, path: path, name: inner.object["as"]?.string ?? standard,
            pointer: inner.pointer)
    }

    private mutating func checkNames(_ groups: [FieldPath], _ items: [Aggregation.Item]) {
        var names = Set(groups.map(\.text))
        for item in items where !names.insert(item.name).inserted {
            reader.fail(
                "the result would have two fields \"\(item.name)\": name one of them with \"as\"",
                at: item.pointer)
        }
    }
}
