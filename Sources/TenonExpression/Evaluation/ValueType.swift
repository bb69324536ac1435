/// A type as a value: what `type(x)` gives and names such as `int` stand for.
package struct ValueType: Hashable, Sendable {
    package let name: String

    package init(name: String) { self.name = name }

    /// By the names that expressions use.
    static let named: [String: ValueType] = {
        let names = [
            "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
            "google.protobuf.Timestamp", "google.protobuf.Duration", "optional_type", "net.IP", "net.CIDR",
        ]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, ValueType(name: $0)) })
    }()
}

extension Value {
    var type: ValueType {
        switch self {
        case .missing, .null: ValueType(name: "null_type")
        case .timestamp: ValueType(name: "google.protobuf.Timestamp")
        case .duration: ValueType(name: "google.protobuf.Duration")
        case .optional: ValueType(name: "optional_type")
        // A number that no type carries exactly is nearest to a double.
        case .number: ValueType(name: "double")
        default: ValueType(name: typeName)
        }
    }
}
