internal import TenonModel

/// Every function of the language, by name. Each library is a list of its own in a file of its own.
enum FunctionTable {
    static let all: [FunctionDefinition] = [
        core, times, strings, regex, math, lists, encoders, hashes, json, calendar, network, optionals,
    ].flatMap { $0 }

    private static let byName = Dictionary(grouping: all, by: \.name)

    /// Every name that a call may have, for suggestions.
    static let names = all.map(\.name) + Macro.names

    /// The definitions of one name, which differ in style or number of arguments.
    static func named(_ name: String) -> [FunctionDefinition] { byName[name] ?? [] }

    /// The definition that a call with so many arguments (with the receiver) means, or nil.
    static func find(
        _ name: String, _ style: FunctionDefinition.Styles, _ argumentCount: Int
    ) -> FunctionDefinition? {
        named(name).first { $0.styles.contains(style) && $0.parameterCounts.contains(argumentCount) }
    }

    /// The words before the point of names such as `math.abs`.
    static let namespaces = Set(
        all.compactMap { $0.name.split(separator: ".").dropLast().first.map(String.init) })
}
