package import TenonJSON
package import TenonModel

/// Reads the triggers of a definition and collects what is wrong with them.
package struct TriggerReader {
    package private(set) var triggers: [TriggerDefinition] = []
    package private(set) var mistakes: [FieldError] = []
    /// Places of triggers that no host fires yet.
    package private(set) var unfired: [(pointer: JSONPointer, type: TriggerType)] = []
    /// Members that have no effect, with a sentence for each.
    package private(set) var unknown: [(pointer: JSONPointer, message: String)] = []

    private let kind: String
    private let definitionID: String
    private let isEnabled: Bool
    private let knownMembers: [String]
    private var keys: Set<String> = []
    /// The ids that are written somewhere in the list.
    private var takenIDs: Set<String> = []

    /// The names of what a trigger that fires by a schedule may have; `context` in workflows only.
    package static let members =
        ["type", "id", "name", "description", "enabled", "context"] + Schedule.members

    /// `definitionID`: of the definition, or any text while it has none.
    package init(_ definition: JSONObject, kind: String, definitionID: String, takesContext: Bool) {
        self.kind = kind
        self.definitionID = definitionID
        isEnabled = definition["enabled"]?.bool ?? true
        knownMembers = Self.members.filter { takesContext || $0 != "context" }
        read(definition)
    }

    private mutating func read(_ definition: JSONObject) {
        if let schedule = definition["schedule"], !schedule.isNull {
            readField(schedule, JSONPointer(["schedule"]))
        }
        guard let value = definition["triggers"], !value.isNull else { return }
        let root = JSONPointer(["triggers"])
        guard let list = value.array else {
            return refuse(root, "must be a list, not \(value.typeName)")
        }
        guard list.count <= Limits.triggersPerDefinition else {
            return refuse(root, "a definition has at most \(Limits.triggersPerDefinition) triggers")
        }
        takenIDs = Set(list.compactMap { $0.object?["id"]?.string })
        for (index, trigger) in list.enumerated() {
            readElement(trigger, root.appending(index), number: index + 1)
        }
    }

    /// The field `schedule` of a definition: a text, or what a trigger of that type has beside its type.
    private mutating func readField(_ value: JSON, _ pointer: JSONPointer) {
        var object: JSONObject = ["type": "schedule"]
        switch value {
        case .string: object["schedule"] = value
        case .object(let members): for (key, value) in members { object[key] = value }
        default:
            return refuse(pointer, "must be a text such as \"0 2 * * *\", not \(value.typeName)")
        }
        var trigger = TriggerDefinition(
            key: "schedule", type: .schedule, document: object, pointer: pointer)
        keys.insert(trigger.key)
        let isText = value.string != nil
        if !isText { readMembers(&trigger) }
        trigger.schedule = schedule(isText ? value : .object(object), of: trigger)
        trigger.isEnabled = trigger.isEnabled && isEnabled
        triggers.append(trigger)
    }

    private mutating func readElement(_ value: JSON, _ pointer: JSONPointer, number: Int) {
        guard let object = value.object else {
            return refuse(pointer, "must be an object, not \(value.typeName)")
        }
        guard let type = readType(object, pointer) else { return }
        guard let key = readKey(object, pointer, number: number) else { return }
        var trigger = TriggerDefinition(key: key, type: type, document: object, pointer: pointer)
        readMembers(&trigger)
        if type == .schedule { trigger.schedule = schedule(value, of: trigger) }
        if type != .schedule, type != .manual, trigger.isEnabled { unfired.append((pointer, type)) }
        trigger.isEnabled = trigger.isEnabled && isEnabled
        triggers.append(trigger)
    }

    private mutating func readType(_ object: JSONObject, _ pointer: JSONPointer) -> TriggerType? {
        let place = pointer.appending("type")
        guard let value = object["type"], !value.isNull else {
            refuse(place, "is missing")
            return nil
        }
        guard let text = value.string else {
            refuse(place, "must be a string, not \(value.typeName)")
            return nil
        }
        if let type = TriggerType(rawValue: text) { return type }
        let types = TriggerType.allCases.map(\.rawValue)
        refuse(
            place,
            "must be one of \(types.joined(separator: ", ")), not \"\(text)\"."
                + NearestName.suggestion(for: text, among: types))
        return nil
    }

    private mutating func readKey(_ object: JSONObject, _ pointer: JSONPointer, number: Int) -> String? {
        let place = pointer.appending("id")
        // A trigger without an id has its number, or the next one that nobody is called by.
        var number = number
        while takenIDs.contains(String(number)) || keys.contains(String(number)) { number += 1 }
        var key = String(number)
        if let value = object["id"], !value.isNull {
            guard let text = value.string, Self.isKey(text) else {
                refuse(place, "must be a text of 1 to 64 letters, digits, \"-\", \"_\" and \".\"")
                return nil
            }
            key = text
        }
        guard keys.insert(key).inserted else {
            refuse(place, "another trigger of the definition is called \"\(key)\" too")
            return nil
        }
        return key
    }

    /// A key is part of ids and addresses.
    private static func isKey(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private mutating func readMembers(_ trigger: inout TriggerDefinition) {
        let object = trigger.document
        if let value = object["enabled"], !value.isNull {
            if let flag = value.bool {
                trigger.isEnabled = flag
            } else {
                refuse(
                    trigger.pointer.appending("enabled"), "must be true or false, not \(value.typeName)")
            }
        }
        if knownMembers.contains("context"), let value = object["context"], !value.isNull {
            trigger.context = value
            let place = trigger.pointer.appending("context")
            if value.object == nil { refuse(place, "must be an object, not \(value.typeName)") }
            if value["trigger"] != nil {
                unknown.append(
                    (
                        place.appending("trigger"),
                        "the execution finds there what has started it; this value has no effect."
                    ))
            }
        }
        guard trigger.type == .schedule else { return }
        for key in object.keys where !knownMembers.contains(key) {
            unknown.append(
                (
                    trigger.pointer.appending(key),
                    "the field \"\(key)\" is not known and has no effect."
                        + NearestName.suggestion(for: key, among: knownMembers)
                ))
        }
    }

    private mutating func schedule(_ value: JSON, of trigger: TriggerDefinition) -> Schedule? {
        let id = TriggerDefinition.id(kind: kind, definitionID: definitionID, key: trigger.key)
        do throws(TenonError) {
            return try Schedule.parse(value, at: trigger.pointer, id: id.rawValue)
        } catch {
            mistakes +=
                error.fields.isEmpty
                ? [FieldError(pointer: "\(trigger.pointer)", message: error.message, code: error.code)]
                : error.fields
            return nil
        }
    }

    private mutating func refuse(_ pointer: JSONPointer, _ message: String) {
        mistakes.append(FieldError(pointer: pointer.description, message: message))
    }
}
