internal import TenonColumns
internal import TenonJSON
internal import TenonModel

/// The transformations that choose, name and convert whole fields, and `limit`.
extension TransformationReader {
    mutating func limit() -> Transformation.Kind? {
        guard reader.object["count"].map({ !$0.isNull }) ?? false else {
            reader.fail("is missing", "count")
            return nil
        }
        guard let count = reader.int("count") else { return nil }
        guard count >= 0 else {
            reader.fail("must be a whole number from 0", "count")
            return nil
        }
        return .limit(count)
    }

    /// The names under `fields`, each with its place.
    mutating func fieldNames() -> [NamedField]? {
        guard let names = reader.strings("fields"), !names.isEmpty else {
            if reader.mistakes.isEmpty {
                reader.fail("must be a list of at least one field's name", "fields")
            }
            return nil
        }
        let place = reader.pointer.appending("fields")
        let isList = reader.object["fields"]?.array != nil
        var seen: Set<String> = []
        var fields: [NamedField] = []
        for (index, name) in names.enumerated() {
            let own = isList ? place.appending(index) : place
            if !seen.insert(name).inserted { reader.fail("\"\(name)\" is listed twice", at: own) }
            fields.append(NamedField(name: name, pointer: own))
        }
        return fields
    }

    /// Present names to new ones.
    mutating func rename() -> Transformation.Kind? {
        guard let members = members("mapping") else { return nil }
        let place = reader.pointer.appending("mapping")
        var renames: [Rename] = []
        for member in members {
            let own = place.appending(member.key)
            guard let name = member.value.string, !name.isEmpty else {
                reader.fail("must be the new name, a text that is not empty", at: own)
                continue
            }
            renames.append(Rename(field: NamedField(name: member.key, pointer: own), newName: name))
        }
        return .rename(renames)
    }

    mutating func cast() -> Transformation.Kind? {
        guard let members = members("fields") else { return nil }
        let place = reader.pointer.appending("fields")
        var casts: [FieldCast] = []
        for member in members {
            let own = place.appending(member.key)
            guard let name = member.value.string else {
                reader.fail("must be the name of a type, not \(member.value.typeName)", at: own)
                continue
            }
            guard let type = ColumnType(name: name), type != .null else {
                let suggestion = NearestName.suggestion(for: name, among: Self.typeNames)
                let known = Self.typeNames.joined(separator: ", ")
                reader.fail("\"\(name)\" is not a type; known are \(known).\(suggestion)", at: own)
                continue
            }
            casts.append(FieldCast(field: NamedField(name: member.key, pointer: own), type: type))
        }
        return .cast(casts)
    }

    private mutating func members(_ key: String) -> [JSONObject.Member]? {
        guard let object = reader.dictionary(key), !object.isEmpty else {
            if reader.mistakes.isEmpty { reader.fail("must be an object with at least one field", key) }
            return nil
        }
        return object.members
    }

    static let typeNames = [
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
        "float64", "decimal128(precision, scale)", "utf8", "binary", "date32", "time64(us)",
        "timestamp(us)", "timestamp(us, UTC)", "json",
    ]
}
