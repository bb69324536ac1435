internal import TenonConnectors
internal import TenonJSON
internal import TenonModel

/// Finds what definitions address among the deployed instances.
struct DeployedInstances: InstanceDirectory {
    let deployments: Deployments

    func target(_ project: ProjectID, _ integration: IntegrationID, action: String, input: JSON)
        throws(TenonError) -> CallTarget
    {
        let instance = try deployments.deployed(project, integration)
        guard let description = instance.manifest.action(action) else {
            throw Self.unknownAction(action, of: instance.manifest)
        }
        var target = CallTarget(connection: instance.connection, effect: description.effect(input: input))
        target.action = description
        return target
    }

    private static func unknownAction(_ action: String, of manifest: Manifest) -> TenonError {
        let names = manifest.actions.prefix(20).map(\.name)
        let known = names.isEmpty ? "It has none." : "It has \(names.joined(separator: ", "))."
        return TenonError(
            .actionUnknown,
            "The connector \(manifest.name) \(manifest.version) has no action \"\(action)\". \(known) "
                + "Correct the step's \"action\".")
    }

    func end(_ project: ProjectID, _ integration: IntegrationID) throws(TenonError) -> PipelineEnd {
        let instance = try deployments.deployed(project, integration)
        let record = instance.record
        var end = PipelineEnd(
            connection: instance.connection, accepts: instance.manifest.accepts,
            defaultStream: record.configuration["defaultStream"]?.string)
        end.guarantee = CommitGuarantee(rawValue: instance.manifest.commit) ?? .atLeastOnce
        end.identity = "\(record.id) \(record.packageDigest)"
        return end
    }
}
