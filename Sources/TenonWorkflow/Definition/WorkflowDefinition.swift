package import TenonModel
package import TenonSchedule
package import TenonSchema

/// A workflow as its author wrote it, checked.
package struct WorkflowDefinition: Sendable {
    /// Whether steps without dependencies wait for those of lower order.
    package enum Mode: String, Sendable, CaseIterable {
        case order
        case dag
    }

    package var projectID: ProjectID
    package var name: String
    package var description: String
    package var mode: Mode
    package var steps: [StepDefinition]
    package var triggers: [TriggerDefinition]
    package var integrationIDs: [IntegrationID]
    package var durability: Durability
    /// For a whole execution.
    package var timeout: Duration?
    package var contextNames = ContextNames()
    /// What an execution's context must fit.
    package var inputSchema: JSONSchema?
    /// Whether it was accepted when it was saved, so that its expressions are not judged again.
    package var isStored = false
}
