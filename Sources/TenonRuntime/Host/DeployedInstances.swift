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
        // The connector answers that it has no such action; until then the careful reading is that it writes.
        let effect = instance.manifest.action(action)?.effect(input: input) ?? .write
        return CallTarget(connection: instance.connection, effect: effect)
    }

    func end(_ project: ProjectID, _ integration: IntegrationID) throws(TenonError) -> PipelineEnd {
        let instance = try deployments.deployed(project, integration)
        return PipelineEnd(
            connection: instance.connection, accepts: instance.manifest.accepts,
            defaultStream: instance.record.configuration["defaultStream"]?.string)
    }
}
