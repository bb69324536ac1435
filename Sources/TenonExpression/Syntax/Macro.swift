/// What looks like a method and gives its argument a variable of its own.
struct Macro: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case all
        case exists
        case existsOne = "exists_one"
        case map
        case filter
        /// Two variables: index and element of a list, key and value of a map.
        case transformList
        case transformMap
        case transformMapEntry
        /// Of an optional.
        case optMap
        case optFlatMap
        /// `cel.bind(name, value, expression)`: not a method.
        case bind = "cel.bind"

        init?(name: String) {
            guard name != "cel.bind", let kind = Kind(rawValue: name == "existsOne" ? "exists_one" : name)
            else { return nil }
            self = kind
        }

        /// Whether it may have, and whether it must have, two variables.
        var variableCounts: ClosedRange<Int> {
            switch self {
            case .all, .exists, .existsOne: 1...2
            case .transformList, .transformMap, .transformMapEntry: 2...2
            case .map, .filter, .optMap, .optFlatMap, .bind: 1...1
            }
        }

        /// Whether a condition may stand before the body.
        var mayFilter: Bool {
            switch self {
            case .map, .transformList, .transformMap, .transformMapEntry: true
            default: false
            }
        }
    }

    var kind: Kind
    /// The list, map or optional; for `bind` the value.
    var range: Node
    /// The names of the variables; their slots are `slot` and `slot + 1`.
    var variables: [String]
    var slot: Int
    /// Only elements for which this holds.
    var filter: Node?
    var body: Node
    var offset: Int

    /// As calls are written, for suggestions.
    static let names = Kind.allCases.map(\.rawValue) + ["existsOne", "has"]
}
