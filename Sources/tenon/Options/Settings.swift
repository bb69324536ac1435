internal import ArgumentParser
internal import TenonJSON

/// An object from a file and `--set key=value`.
enum Settings {
    static func object(file: String?, _ settings: [String]) throws -> JSONObject {
        var object = JSONObject()
        if let file {
            guard let content = try DefinitionFile.documents(in: file).first?.object else {
                throw ValidationError("The file \(file) must hold one object.")
            }
            object = content
        }
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
                throw ValidationError("--set takes key=value, not \"\(setting)\".")
            }
            let text = String(setting[setting.index(after: equals)...])
            // What is no JSON is meant as text.
            object[String(setting[..<equals])] = (try? JSONParser.parse(text)) ?? .string(text)
        }
        return object
    }
}
