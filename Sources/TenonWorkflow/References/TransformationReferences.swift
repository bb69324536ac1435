internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// What the templates and expressions of a transformation read of the execution. Other names may be fields of
/// its records; mistakes are found by whoever reads the transformation itself.
enum TransformationReferences {
    private static let groups: Set<String> = ["context", "steps"]
    private static let expressionKeys: Set<String> = ["expression", "condition"]

    static func of(_ transformation: JSON, _ names: KnownNames) -> [Reference] {
        var references: [Reference] = []
        collect(transformation, isExpression: false, names, into: &references)
        return references
    }

    private static func collect(
        _ json: JSON, isExpression: Bool, _ names: KnownNames, into references: inout [Reference]
    ) {
        switch json {
        case .array(let elements):
            for element in elements { collect(element, isExpression: false, names, into: &references) }
        case .object(let object):
            for (key, value) in object {
                collect(value, isExpression: expressionKeys.contains(key), names, into: &references)
            }
        case .string(let text) where isExpression || text.contains("{{"):
            // `try?`: a text that does not compile is reported where the transformation is read.
            let read =
                isExpression
                ? (try? Expression.compile(text, names: names))?.references
                : (try? Template.compile(json, names: names))?.references
            references += (read ?? []).filter { groups.contains($0.name) }
        default: break
        }
    }
}
