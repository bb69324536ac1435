/// The fields of a request's JSON object, for the API's description. The host itself validates with finer
/// rules.
package struct BodySchema: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let name: String
        /// JSON Schema's word: "string", "object", "array", "boolean", "integer"; empty for any.
        package let type: String
        package let isRequired: Bool
        package let summary: String
        /// The schema of an array's items, by its name.
        package var items: String?
        /// Whether it may be null where nothing is known.
        package var isNullable = false

        package static func required(_ name: String, _ type: String, _ summary: String) -> Field {
            Field(name: name, type: type, isRequired: true, summary: summary)
        }
        package static func optional(_ name: String, _ type: String, _ summary: String) -> Field {
            Field(name: name, type: type, isRequired: false, summary: summary)
        }
    }

    package let name: String
    package let fields: [Field]

    package init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }
}

extension BodySchema {
    package static let connector = BodySchema(
        "ConnectorRequest",
        [
            .required("name", "string", "What people call it."),
            .nullable("description", "string", "What it connects to."),
            .nullable(
                "type", "string", "source, target, bidirectional or action; the package's where left out."),
            .required("configuration", "object", "What all its deployments share."),
            .nullable("package", "string", "The package and range to use, such as http@^1.2."),
        ])
    package static let deployment = BodySchema(
        "DeployRequest",
        [
            .required("projectId", "string", "The project that gets the instance."),
            .required("integrationId", "string", "How the project's definitions address it."),
            .optional("configuration", "object", "Added to the connector's own configuration."),
            .optional("package", "string", "Another package or range than the connector's."),
        ])
    package static let workflow = BodySchema(
        "WorkflowRequest",
        [
            .required("projectId", "string", "The project it belongs to."),
            .required("name", "string", "Unique in the project."),
            .nullable("description", "string", "What it is for."),
            .required("steps", "array", "The steps, in the form of the specification."),
            .nullable("triggers", "array", "When it runs by itself."),
            .nullable("integrationIds", "array", "The integrations that it uses."),
            .nullable("durability", "string", "strict (default), relaxed or ephemeral."),
            .any(
                "inputSchema",
                "What the context of executions must be, in JSON Schema: an object or a boolean."),
            .nullable("mode", "string", "order (default) or dag: what steps wait for."),
            .any("timeout", "How long an execution may take: a text such as 30m, or milliseconds."),
            .nullable("enabled", "boolean", "false: its triggers do not fire."),
        ])
    package static let pipeline = BodySchema(
        "PipelineRequest",
        [
            .required("projectId", "string", "The project it belongs to."),
            .required("name", "string", "Unique in the project."),
            .nullable("description", "string", "What it is for."),
            .required("sourceIntegrationId", "string", "Where records come from."),
            .required("targetIntegrationId", "string", "Where records go."),
            .required("stages", "array", "The stages, in the form of the specification."),
            .any("schedule", "A cron expression or interval, or an object with it and its timezone."),
            .nullable("triggers", "array", "When it runs by itself."),
            .any("sync", "full, or an object with that `mode`."),
            .nullable("durability", "string", "strict (default), relaxed or ephemeral."),
            .nullable("batchSize", "integer", "Records of a batch at most."),
            .nullable("enabled", "boolean", "false: its triggers do not fire."),
        ])
    package static let execution = BodySchema(
        "ExecuteRequest", [.optional("context", "object", "Values that the steps can use.")])
    package static let resolution = BodySchema(
        "ResolveRequest",
        [
            .required("step", "string", "Name or id of the step in doubt."),
            .required("resolution", "string", "completed, failed or retry: what became of its effect."),
            .any("output", "The answer that was lost, where it completed."),
            .optional("message", "string", "Why it failed, where it did."),
        ])
}
