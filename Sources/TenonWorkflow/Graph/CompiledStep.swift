package import TenonModel

/// A step ready to run: its place in the graph and its compiled parameters.
package struct CompiledStep: Sendable {
    package let name: String
    package let id: String
    package let type: StepType
    /// The instance that an api-call step addresses.
    package let integrationID: IntegrationID?
    /// The action that an api-call step invokes; "" for other steps.
    package let action: String
}
