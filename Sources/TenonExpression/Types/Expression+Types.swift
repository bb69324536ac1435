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

    static func type(
        of expression: Expression, in environment: TypeEnvironment
    ) throws(SyntaxError) -> StaticType {
        var checker = TypeChecker(environment, mode: expression.mode, slotCount: expression.slotCount)
        return try checker.finalType(of: expression.root)
    }
}
