internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

/// Which trigger a command is about.
struct TriggerOptions: ParsableArguments {
    @Argument(help: "Its id, or with --project the name of its workflow or pipeline.")
    var trigger: String
    @Option(help: "The project in which the name is looked up.")
    var project: String?

    /// The trigger as it now is.
    func resolve(_ client: TenonClient) async throws -> JSON {
        guard let project else { return try await client.trigger(trigger) }
        let triggers = try await client.triggers([("projectId", project)])
        if let exact = triggers.first(where: { $0["id"]?.string == trigger }) { return exact }
        let matches = triggers.filter {
            $0["definitionName"]?.string == trigger || $0["definitionId"]?.string == trigger
        }
        guard let match = matches.first else {
            throw CommandFailure(
                .notFound, "The project \(project) has no trigger \"\(trigger)\".",
                advice: "See which it has: tenon trigger list --project \(project)")
        }
        guard matches.count == 1 else {
            throw CommandFailure(
                .refused, "\"\(trigger)\" has \(matches.count) triggers.",
                advice: "Say which by its id: tenon trigger list --project \(project)")
        }
        return match
    }

    /// The trigger's id.
    func id(_ client: TenonClient) async throws -> String {
        guard project != nil else { return trigger }
        return try await resolve(client)["id"]?.string ?? trigger
    }
}
