internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonRuntime
internal import TenonServer

extension HostedOperations {
    func installPackage(at path: String, options: PackageUploadOptions) throws(TenonError) -> JSON {
        var install = InstallOptions()
        install.allowUnsigned = options.allowUnsigned
        install.inHost = options.inHost
        install.allowDowngrade = options.allowDowngrade
        install.actor = options.actor
        return try host.registry.install(package: path, options: install).json
    }

    func packages() throws(TenonError) -> [JSON] { try host.registry.packages().map(\.json) }

    func package(_ name: String, version: String?) throws(TenonError) -> JSON {
        try host.registry.package(name, version: version).json
    }

    func removePackage(_ name: String, version: String) throws(TenonError) {
        try host.registry.remove(name, version: version)
    }

    func createConnector(_ body: JSON) throws(TenonError) -> JSON {
        try host.deployments.createConnector(body).json
    }

    func connectors(type: String?) throws(TenonError) -> [JSON] {
        try host.deployments.connectors(type: type).map(\.json)
    }

    func connector(_ id: ConnectorID) throws(TenonError) -> JSON { try host.deployments.connector(id).json }

    func deploy(_ id: ConnectorID, _ body: JSON) throws(TenonError) -> JSON {
        try host.deployments.deploy(id, body).json
    }

    func instances(project: ProjectID?) throws(TenonError) -> [JSON] {
        host.deployments.instances(project: project).map(\.json)
    }

    func instance(_ id: InstanceID) throws(TenonError) -> JSON { try host.deployments.instance(id).json }

    func checkInstance(_ id: InstanceID) throws(TenonError) -> JSON { try host.deployments.check(id).json }

    func removeInstance(_ id: InstanceID) throws(TenonError) { try host.deployments.remove(id) }
}
