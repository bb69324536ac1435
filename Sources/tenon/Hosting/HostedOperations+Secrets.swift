internal import TenonJSON
internal import TenonModel
internal import TenonRuntime

extension HostedOperations {
    func setSecret(_ name: String, project: ProjectID, value: String) throws(TenonError) -> JSON {
        try host.setSecret(project: project, name: name, value: value)
    }

    func secrets(project: ProjectID) throws(TenonError) -> [JSON] { try host.secrets(project: project) }

    func removeSecret(_ name: String, project: ProjectID) throws(TenonError) {
        try host.removeSecret(project: project, name: name)
    }
}
