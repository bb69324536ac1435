package import TenonJSON
package import TenonModel

/// Where an expression finds its values. Nothing is asked for before the expression needs it.
package protocol ExpressionScope {
    /// The value that a top-level name stands for, or nil.
    func value(named name: String) -> JSON?
    /// The value at the beginning of a path and how many of `members` it covers; nil where there is none.
    ///
    /// For scopes whose groups (`context`, `steps`) are not kept as one value; others have the default.
    func value(named name: String, members: [String]) -> (value: JSON, used: Int)?
    /// Strict mode: the value of a variable, whose name may have points, with a type that JSON may not have.
    func typedValue(named name: String) -> Value?
    /// The time that `now()` gives; nil where the function may not be used.
    var now: Timestamp? { get }
    /// The top-level names that exist, for messages.
    var names: [String] { get }
    /// The names in a group that is not kept as one value, for messages.
    func names(in group: String) -> [String]
}

extension ExpressionScope {
    package func value(named name: String, members: [String]) -> (value: JSON, used: Int)? {
        value(named: name).map { ($0, 0) }
    }

    package func typedValue(named name: String) -> Value? { value(named: name).map(Value.init) }

    package var now: Timestamp? { nil }

    package func names(in group: String) -> [String] { value(named: group)?.object?.keys ?? [] }
}

/// The members of one object as top-level names.
package struct ObjectScope: ExpressionScope {
    private let object: JSONObject

    package init(_ object: JSONObject) { self.object = object }

    package func value(named name: String) -> JSON? { object[name] }
    package var names: [String] { object.keys }
}
