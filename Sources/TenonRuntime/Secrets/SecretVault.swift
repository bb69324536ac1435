internal import Synchronization
internal import TenonConnectors
internal import TenonModel
internal import TenonWorkflow

/// Gives secrets out to the inputs of connectors, and keeps in mind which, so that none comes back in a log.
final class SecretVault: Sendable {
    private let secrets: ProjectSecrets
    private let masks: SecretMasks

    init(_ secrets: ProjectSecrets, _ masks: SecretMasks) {
        self.secrets = secrets
        self.masks = masks
    }

    /// All secrets of a project by name. Throws `secrets.key`, `secrets.unreadable`.
    func values(of project: ProjectID) throws(TenonError) -> [String: String] {
        let values = try secrets.values(of: project)
        masks.note(values, of: project)
        return values
    }

    /// Takes out what was given out of a project since the host started.
    func mask(of project: ProjectID) -> SecretMask { masks.mask(of: project) }

    /// For the run machine of an execution of this project.
    func source(_ project: ProjectID) -> @Sendable () throws(TenonError) -> [String: String] {
        { [self] () throws(TenonError) in try values(of: project) }
    }
}

/// What has to stay out of the lines that connectors log: every value that was given out since the host
/// started, as a connector may keep one that was replaced.
final class SecretMasks: Sendable {
    private struct Project {
        /// As they were given out last.
        var current: [String: String] = [:]
        var all: Set<String> = []
        var mask = SecretMask([])
    }

    /// Of values that were replaced; the oldest are forgotten with all others when there are more.
    private static let capacity = 10_000

    private let projects = Mutex<[ProjectID: Project]>([:])

    func note(_ values: [String: String], of project: ProjectID) {
        projects.withLock { projects in
            guard projects[project, default: Project()].current != values else { return }
            var entry = projects[project] ?? Project()
            if entry.all.count > Self.capacity { entry.all = [] }
            entry.current = values
            entry.all.formUnion(values.values)
            entry.mask = SecretMask(entry.all)
            projects[project] = entry
        }
    }

    func mask(of project: ProjectID) -> SecretMask { projects.withLock { $0[project]?.mask ?? .none } }

    /// A line of a connector without the secrets of its project.
    func masked(_ line: LogLine) -> LogLine {
        // The ids of projects may hold slashes, so that more than one may fit.
        let masks = projects.withLock { projects in
            projects.filter { line.instanceName.hasPrefix("\($0.key)/") }.map(\.value.mask)
        }
        var line = line
        for mask in masks {
            line.message = mask.masked(line.message)
            line.fieldsJSON = mask.masked(line.fieldsJSON)
        }
        return line
    }
}
