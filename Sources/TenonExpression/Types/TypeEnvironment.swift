/// What is known about the names that an expression reads and the functions that it calls.
package struct TypeEnvironment: Sendable {
    /// By name, which may have points: `context.order.id`.
    package private(set) var variables: [String: StaticType] = [:]
    /// Functions besides those of the language.
    package private(set) var functions: [String: [TypeSignature]] = [:]

    package init() {}

    package mutating func declare(_ name: String, _ type: StaticType) {
        variables[name] = type.withoutOpenTypes.bounded
    }

    package mutating func declare(_ name: String, _ signature: TypeSignature) {
        functions[name, default: []].append(signature)
    }

    package mutating func remove(_ name: String) { variables[name] = nil }
}

extension StaticType {
    /// A variable has one type, so that what a parameter would stand for is not known.
    fileprivate var withoutOpenTypes: StaticType {
        if case .parameter = self { return .dyn }
        return mapParameters(\.withoutOpenTypes)
    }
}
