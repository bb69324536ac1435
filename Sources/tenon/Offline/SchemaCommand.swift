internal import ArgumentParser
internal import TenonClient
internal import TenonJSON
internal import TenonModel
internal import TenonSchema

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "JSON Schemas of configurations, actions and contexts.",
        subcommands: [SchemaCheckCommand.self])
}

struct SchemaCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a schema, and values by it; needs no host.",
        discussion: """
            Example:
              tenon schema check order.schema.json
              tenon schema check order.schema.json order.json other.yaml
              curl -s https://example.com/order | tenon schema check order.schema.json -

            Files are JSON or YAML; - is the standard input. A value that the schema does not allow ends with 4.
            """)

    @Argument(help: "The file with the schema.")
    var schema: String
    @Argument(help: "Files with values.")
    var values: [String] = []
    @Flag(help: "Print what is wrong as JSON.")
    var json = false

    func validate() throws {
        try InputFile.requireOneStandardInput([schema] + values)
    }

    func run() async throws {
        let compiled = try JSONSchema(try DefinitionFile.document(in: schema))
        let results = try values.map { file in
            (
                file: InputFile(file).name,
                problems: compiled.problems(in: try DefinitionFile.document(in: file))
            )
        }
        if json { Output.json(Self.json(of: results)) } else { print(results) }
        if results.contains(where: { !$0.problems.isEmpty }) { throw ExitCode(CommandExit.refused.rawValue) }
    }

    private func print(_ results: [(file: String, problems: [FieldError])]) {
        if results.isEmpty { Output.line("\(InputFile(schema).name) is a schema") }
        for (file, problems) in results {
            guard !problems.isEmpty else {
                Output.line("\(file) is valid")
                continue
            }
            Output.errorLine("error: \(file) is not what \(InputFile(schema).name) allows.")
            for problem in problems {
                Output.errorLine("  \(problem.pointer.isEmpty ? "/" : problem.pointer): \(problem.message)")
            }
        }
    }

    private static func json(of results: [(file: String, problems: [FieldError])]) -> JSON {
        let values: [JSON] = results.map { file, problems in
            let errors = problems.map { problem -> JSON in
                ["pointer": .string(problem.pointer), "detail": .string(problem.message)]
            }
            return ["file": .string(file), "isValid": .bool(problems.isEmpty), "errors": .array(errors)]
        }
        return ["values": .array(values)]
    }
}
