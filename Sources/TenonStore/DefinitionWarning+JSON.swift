package import TenonJSON
package import TenonModel

extension DefinitionWarning {
    /// As the API shows it.
    package var json: JSON {
        ["code": .string(code), "message": .string(message), "pointer": .string(pointer)]
    }
}
