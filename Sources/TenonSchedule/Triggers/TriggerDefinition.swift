package import TenonJSON
package import TenonModel

/// What may start a workflow or pipeline by itself.
package enum TriggerType: String, Sendable, CaseIterable {
    case manual
    case schedule
    case event
    case webhook
    case completion
}

/// One trigger of a workflow or pipeline as its definition has it, checked.
package struct TriggerDefinition: Sendable {
    /// Names the trigger within its definition: its `id`, else its number in the list, from 1; `schedule` for
    /// the definition's field of that name.
    package var key: String
    package var type: TriggerType
    /// Of a trigger of the type `schedule`.
    package var schedule: Schedule?
    package var isEnabled = true
    /// What its executions get as their context: an object.
    package var context: JSON = [:]
    /// As it was written; the text of a field `schedule` became an object.
    package var document: JSONObject
    package var pointer: JSONPointer

    package init(key: String, type: TriggerType, document: JSONObject, pointer: JSONPointer) {
        self.key = key
        self.type = type
        self.document = document
        self.pointer = pointer
    }

    /// What the ticks follow from: where this is another text, so are the ticks. Empty where there are none.
    package var ticksText: String { schedule?.ticksText ?? "" }
}

extension TriggerDefinition {
    /// The id of the trigger with that key: it stays the same over the versions of its definition. `kind` is
    /// `workflow` or `pipeline`.
    package static func id(kind: String, definitionID: String, key: String) -> TriggerID {
        TriggerID("\(kind):\(definitionID):\(key)")
    }
}
