internal import TenonModel

/// A function of the language: how it is called, and what it does.
///
/// Found by name, style and number of arguments when an expression is compiled; a body looks at the types of
/// its arguments when it runs.
final class FunctionDefinition: Sendable {
    /// How it may be written.
    struct Styles: OptionSet, Sendable {
        let rawValue: Int
        /// `x.f(y)`: the receiver is the first argument.
        static let method = Styles(rawValue: 1)
        /// `f(x, y)`; a name with points, such as `math.abs`, is always written so.
        static let global = Styles(rawValue: 2)
    }

    /// What host mode does with a null or missing argument.
    enum NullRule: Sendable {
        /// The result is null; the body is not run.
        case nullGivesNull
        /// The body takes nulls like any other value.
        case takesNull
    }

    /// What it does. A body charges for work that grows with its arguments with `CallContext.spend`.
    enum Body: Sendable {
        case unary(@Sendable (inout CallContext, Value) throws(TenonError) -> Value)
        case binary(@Sendable (inout CallContext, Value, Value) throws(TenonError) -> Value)
        /// The first value decides whether the second is needed; only then that is worked out.
        case choosing(@Sendable (inout CallContext, Value) throws(TenonError) -> Choice)
        case many(@Sendable (inout CallContext, [Value]) throws(TenonError) -> Value)
    }

    /// What a first value decides.
    enum Choice {
        case value(Value)
        /// The second value, of any type or an optional.
        case second(mustBeOptional: Bool)
    }

    let name: String
    let styles: Styles
    /// How many arguments it takes, with the receiver as the first.
    let parameterCounts: ClosedRange<Int>
    let nullRule: NullRule
    /// Steps that a call costs besides those that the body spends.
    let cost: Int
    let body: Body
    /// Host mode: looks at arguments that are constants when an expression is compiled.
    let preparation: Preparation?

    /// Says what is wrong with arguments that are constants, and may put something better in their place, which
    /// it answers.
    typealias Preparation = @Sendable (inout [Node]) throws(FunctionMistake) -> Bool

    init(
        _ name: String, _ styles: Styles, _ parameterCounts: ClosedRange<Int>,
        nulls nullRule: NullRule = .nullGivesNull, cost: Int = 1,
        _ body: @escaping @Sendable (inout CallContext, [Value]) throws(TenonError) -> Value
    ) {
        self.name = name
        self.styles = styles
        self.parameterCounts = parameterCounts
        self.nullRule = nullRule
        self.cost = cost
        self.body = .many(body)
        preparation = nil
    }

    private init(_ name: String, _ styles: Styles, _ count: Int, _ nullRule: NullRule, _ body: Body) {
        self.name = name
        self.styles = styles
        parameterCounts = count...count
        self.nullRule = nullRule
        cost = 1
        self.body = body
        preparation = nil
    }

    private init(_ other: FunctionDefinition, _ preparation: @escaping Preparation) {
        name = other.name
        styles = other.styles
        parameterCounts = other.parameterCounts
        nullRule = other.nullRule
        cost = other.cost
        body = other.body
        self.preparation = preparation
    }

    /// The same function, which looks at its constant arguments beforehand.
    func preparing(_ preparation: @escaping Preparation) -> FunctionDefinition {
        FunctionDefinition(self, preparation)
    }

    /// A function of one value, such as `size(x)`.
    static func unary(
        _ name: String, _ styles: Styles, nulls: NullRule = .nullGivesNull,
        _ body: @escaping @Sendable (inout CallContext, Value) throws(TenonError) -> Value
    ) -> FunctionDefinition {
        FunctionDefinition(name, styles, 1, nulls, .unary(body))
    }

    /// A function of two values, such as `x.startsWith(y)`.
    static func binary(
        _ name: String, _ styles: Styles, nulls: NullRule = .nullGivesNull,
        _ body: @escaping @Sendable (inout CallContext, Value, Value) throws(TenonError) -> Value
    ) -> FunctionDefinition {
        FunctionDefinition(name, styles, 2, nulls, .binary(body))
    }

    /// A function of two values of which the second is worked out only where the first does not decide.
    static func choosing(
        _ name: String, _ styles: Styles, nulls: NullRule = .nullGivesNull,
        _ body: @escaping @Sendable (inout CallContext, Value) throws(TenonError) -> Choice
    ) -> FunctionDefinition {
        FunctionDefinition(name, styles, 2, nulls, .choosing(body))
    }
}
