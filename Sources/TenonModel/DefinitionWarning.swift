/// Something in a definition that is allowed and probably not meant.
package struct DefinitionWarning: Sendable, Equatable {
    /// A stable word such as `workflow.unknown-branch`.
    package var code: String
    package var message: String
    /// JSON Pointer into the definition.
    package var pointer: String

    package init(code: String, message: String, pointer: String) {
        self.code = code
        self.message = message
        self.pointer = pointer
    }
}
