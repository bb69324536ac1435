internal import TenonJSON
internal import TenonPattern

/// The values that keywords take.
extension SchemaCompiler {
    mutating func pattern(_ value: JSON, at place: SchemaPlace) -> TextPattern? {
        guard let text = value.string else {
            refuse(place, "must be a string")
            return nil
        }
        do throws(PatternError) {
            return TextPattern(pattern: try Pattern(text), text: text)
        } catch {
            refuse(place, error.message)
            return nil
        }
    }

    mutating func count(_ value: JSON, at place: SchemaPlace) -> Int? {
        guard let count = value.int, count >= 0 else {
            refuse(place, "must be a whole number from 0")
            return nil
        }
        return Int(count)
    }

    mutating func flag(_ value: JSON, at place: SchemaPlace) -> Bool {
        if value.bool == nil { refuse(place, "must be true or false") }
        return value.bool ?? false
    }

    mutating func names(_ value: JSON, at place: SchemaPlace) -> [String] {
        let names = value.array?.compactMap(\.string)
        guard let names, names.count == value.array?.count else {
            refuse(place, "must be a list of names")
            return []
        }
        return names
    }
}
