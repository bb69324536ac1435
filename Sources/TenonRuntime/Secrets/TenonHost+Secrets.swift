internal import Logging
internal import TenonConnectors
package import TenonJSON
package import TenonModel

extension TenonHost {
    /// Stores a project's secret or replaces its value; answers what may be shown of it. Throws
    /// `secret.name-invalid`, `secret.value-invalid`, `secret.too-many`.
    package func setSecret(project: ProjectID, name: String, value: String) throws(TenonError) -> JSON {
        try secrets.set(name, of: project, to: value).json
    }

    /// A project's secrets by name, without their values.
    package func secrets(project: ProjectID) throws(TenonError) -> [JSON] {
        try secrets.list(of: project).map(\.json)
    }

    /// Throws `secret.not-found`.
    package func removeSecret(project: ProjectID, name: String) throws(TenonError) {
        try secrets.remove(name, of: project)
    }

    /// Removes, now and every hour, the values that secrets had too long ago.
    func pruneSecrets() {
        do throws(TenonError) {
            try secrets.pruneReplaced()
        } catch {
            configuration.logger.warning(
                "values that secrets had long ago cannot be removed; it is tried again later",
                metadata: ["error": "\(error)"])
        }
        engine.timers.schedule(after: .seconds(3600)) { [weak self] in self?.pruneSecrets() }
    }
}
