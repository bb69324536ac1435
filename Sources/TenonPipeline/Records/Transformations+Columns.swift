internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The transformations of whole fields, over one record.
extension Transformations {
    /// A field that is missing is null, as it would be in a column.
    static func select(_ fields: [NamedField], _ record: JSON) -> JSON {
        .object(JSONObject(fields.map { (key: $0.name, value: record[$0.name] ?? .null) }))
    }

    static func drop(_ fields: [NamedField], _ record: JSON) -> JSON {
        var object = record.object ?? JSONObject()
        for field in fields { object[field.name] = nil }
        return .object(object)
    }

    /// All at once, so that two fields can change places.
    static func rename(_ renames: [Rename], _ record: JSON) throws(TenonError) -> JSON {
        var newNames: [String: String] = [:]
        for rename in renames { newNames[rename.field.name] = rename.newName }
        var result = JSONObject()
        for member in record.object?.members ?? [] {
            let name = newNames[member.key] ?? member.key
            guard result[name] == nil else {
                throw TenonError(.pipelineRecord, "Renamed, a record would have two fields \"\(name)\".")
            }
            result[name] = member.value
        }
        return .object(result)
    }

    static func cast(_ casts: [FieldCast], _ record: JSON) throws(TenonError) -> JSON {
        var object = record.object ?? JSONObject()
        for cast in casts {
            guard let value = object[cast.field.name], !value.isNull else { continue }
            let builder = ColumnBuilder(.json)
            // Always fits: a JSON column takes any value.
            _ = builder.append(json: value)
            do throws(TenonError) {
                let column = try builder.finish().cast(to: cast.type, name: cast.field.name)
                object[cast.field.name] = JSON(column.value(at: 0))
            } catch {
                throw TenonError(.pipelineRecord, error.message, context: ["field": cast.field.name])
            }
        }
        return .object(object)
    }
}
