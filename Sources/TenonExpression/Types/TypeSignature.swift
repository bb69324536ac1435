/// What a function takes, with the receiver of a method first, and what it gives then.
package struct TypeSignature: Sendable {
    let parameters: [StaticType]
    let result: StaticType
    /// How many types use decides; they are `.parameter(0)` and so on.
    let parameterCount: Int
    /// The last parameter may be repeated.
    let isVariadic: Bool
    /// Counts only where no other signature does.
    let isFallback: Bool

    /// Nil where a text is no type.
    package init?(parameters: [String], result: String) {
        self.init(text: "(\(parameters.joined(separator: ", "))) -> \(result)")
    }

    /// `(int, list(A)) -> A`; `...` behind the last parameter, `else` before a fallback.
    init?(text: String) {
        isFallback = text.hasPrefix("else ")
        var rest = text.drop { $0 != "(" }
        guard let arrow = rest.lastIndex(of: ">"), rest.hasPrefix("(") else { return nil }
        let result = rest[arrow...].dropFirst()
        rest = rest[..<arrow].dropFirst()
        guard let close = rest.lastIndex(of: ")") else { return nil }
        rest = rest[..<close]
        isVariadic = rest.hasSuffix("...")
        if isVariadic { rest = rest.dropLast(3) }
        var names: [String] = []
        guard let parameters = TypeText.types(rest, parameterNames: &names),
            let results = TypeText.types(result, parameterNames: &names), results.count == 1
        else { return nil }
        self.parameters = parameters
        self.result = results[0]
        parameterCount = names.count
    }

    /// The parameters for so many arguments; nil where it does not take so many.
    func parameters(for count: Int) -> [StaticType]? {
        if count == parameters.count { return parameters }
        guard isVariadic, count > parameters.count, let last = parameters.last else { return nil }
        return parameters + Array(repeating: last, count: count - parameters.count)
    }
}
