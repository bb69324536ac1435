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

    /// All secrets of a project. Throws `secrets.key`, `secrets.unreadable`.
    func values(of project: ProjectID) throws(TenonError) -> SecretValues {
        let values = try secrets.values(of: project)
        masks.note(values, of: project)
        return values
    }

    /// Takes out what was given out of a project since the host started, or was replaced not long before.
    func mask(of project: ProjectID) -> SecretMask { masks.mask(of: project) }

    /// For the run machine of an execution of this project.
    func source(_ project: ProjectID) -> @Sendable () throws(TenonError) -> SecretValues {
        { [self] () throws(TenonError) in try values(of: project) }
    }
}

/// What has to stay out of the lines that connectors log: every value that was given out since the host
/// started or was replaced not long before, as a connector may keep one that was replaced.
final class SecretMasks: Sendable {
    private struct Project {
        /// As they were given out last.
        var given: SecretValues = [:]
        /// Values that were replaced, the oldest first.
        var replaced: [String] = []
        var mask = SecretMask.none

        /// Nil where these are the values that were given out last.
        func noting(_ values: SecretValues) -> Project? {
            guard given != values else { return nil }
            var next = Project(given: values, replaced: replaced)
            let held = Set(values.current.values)
            let gone = given.all.union(values.all).subtracting(held).subtracting(replaced)
            next.replaced = (replaced + gone.sorted()).filter { !held.contains($0) }
            var byteCount = next.replaced.reduce(0) { $0 + $1.utf8.count }
            while byteCount > SecretMasks.replacedBytes, !next.replaced.isEmpty {
                byteCount -= next.replaced.removeFirst().utf8.count
            }
            next.mask = SecretMask(held.union(next.replaced))
            return next
        }
    }

    /// Of a project's values that were replaced; the oldest are forgotten when there are more.
    private static let replacedBytes = 1 << 20

    private let projects = Mutex<[ProjectID: Project]>([:])
    /// Held by whoever changes `projects`; what is only read need not wait for a mask to be made.
    private let changes = Mutex<Void>(())

    /// Returns when the values are masked.
    func note(_ values: SecretValues, of project: ProjectID) {
        guard projects.withLock({ $0[project]?.given != values }) else { return }
        changes.withLock { _ in
            let entry = projects.withLock { $0[project] ?? Project() }
            guard let next = entry.noting(values) else { return }
            projects.withLock { $0[project] = next }
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
            line.message = mask.masked(line.message, line.isContinued ? [.beginning, .end] : .end)
            line.fieldsJSON = mask.masked(line.fieldsJSON)
        }
        return line
    }
}
