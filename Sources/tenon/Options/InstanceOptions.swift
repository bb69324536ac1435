internal import ArgumentParser
internal import TenonClient
internal import TenonJSON

/// Which instance a command is about.
struct InstanceOptions: ParsableArguments {
    @Argument(help: "Its id or integration id.")
    var instance: String
    @Option(help: "The project, where several have the integration id.")
    var project: String?

    /// The instance's id, found by its id or by the integration id that it serves.
    func id(_ client: TenonClient) async throws -> String {
        let matches = try await client.instances(project: project).filter {
            $0["id"]?.string == instance || $0["integrationId"]?.string == instance
        }
        guard let id = matches.first?["id"]?.string else {
            throw CommandFailure(
                .notFound, "There is no instance \"\(instance)\".",
                advice: "See which there are: tenon instance list")
        }
        guard matches.count == 1 else {
            throw CommandFailure(
                .refused, "Several projects have an instance \"\(instance)\".",
                advice: "Say which: --project PROJECT")
        }
        return id
    }
}
