internal import ArgumentParser
internal import TenonJSON

/// An object from a file and `--set key=value`.
enum Settings {
    static func object(file: String?, _ settings: [String]) throws -> JSONObject {
        var object = JSONObject()
        if let file {
            guard let content = try DefinitionFile.document(in: file).object else {
                throw ValidationError("\(InputFile(file).name) must hold an object.")
            }
            object = content
        }
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
                throw ValidationError("--set takes key=value, not \"\(setting)\".")
            }
            let text = String(setting[setting.index(after: equals)...])
            object[String(setting[..<equals])] = try value(text)
        }
        return object
    }

    /// What is no JSON is meant as text; what would be but for a key that occurs twice is a mistake.
    private static func value(_ text: String) throws -> JSON {
        if let value = try? JSONParser.parse(text) { return value }
        guard (try? JSONParser.parse(text, duplicateKeys: .lastWins)) == nil else {
            throw ValidationError("A key occurs twice in \(text).")
        }
        return .string(text)
    }
}
