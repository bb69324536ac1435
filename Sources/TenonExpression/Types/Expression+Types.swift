package import TenonModel

extension Expression {
    /// The type of the value, as far as it is known without any; throws `expression.invalid` with the position
    /// where types show that there cannot be one.
    package func staticType(
        in environment: TypeEnvironment = TypeEnvironment()
    ) throws(TenonError) -> StaticType {
        do throws(SyntaxError) {
            return try Self.type(of: self, in: environment)
        } catch {
            throw error.tenonError(in: text)
        }
    }

    /// Compiles a condition: as any expression in host mode, and refused where types show that it is never true
    /// or false.
    package static func compileCondition(
        _ text: String, names: KnownNames = KnownNames()
    ) throws(TenonError) -> Expression {
        let expression = try compile(text, names: names)
        if names.isStored { return expression }
        let type = try expression.staticType(in: names.types)
        guard type.mayBeBool else {
            throw SyntaxError(message: "the condition gives \(type.kind), not true or false", offset: 0)
                .tenonError(in: text)
        }
        return expression
    }

    static func type(
        of expression: Expression, in environment: TypeEnvironment
    ) throws(SyntaxError) -> StaticType {
        var checker = TypeChecker(environment, mode: expression.mode, slotCount: expression.slotCount)
        return try checker.finalType(of: expression.root)
    }
}
