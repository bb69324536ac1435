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

    /// Takes out what the secrets of a project have and had.
    func mask(of project: ProjectID) -> SecretMask { masks.mask(of: project) }

    /// For the run machine of an execution of this project.
    func source(
        _ project: ProjectID
    ) -> @Sendable (_ names: [String]) throws(TenonError) -> GivenSecrets {
        { [self] names throws(TenonError) in
            let values = try values(of: project)
            return GivenSecrets(names, of: values, mask: masks.mask(of: names, in: values, project))
        }
    }
}

/// What takes the secrets of projects out of texts, also those that were replaced not long before, as a connector
/// may keep one. All executions share them: what tells a secret takes about ten times its bytes.
final class SecretMasks: Sendable {
    private struct Project {
        let generation: UInt64
        let all: SecretMask
        /// By the names of the secrets that they take out.
        var byNames: [[String]: SecretMask] = [:]
    }

    /// Of a project; when there are more, they are made anew.
    private static let maxMasks = 256

    private let projects = Mutex<[ProjectID: Project]>([:])
    /// Held by whoever changes `projects`; what is only read need not wait for a mask to be made.
    private let changes = Mutex<Void>(())

    /// Returns when the values are masked.
    func note(_ values: SecretValues, of project: ProjectID) {
        func isNoted() -> Bool {
            // One who is late with an earlier reading changes nothing: the later one knows its values too.
            projects.withLock { $0[project].map { $0.generation >= values.generation } ?? false }
        }
        guard !isNoted() else { return }
        changes.withLock { _ in
            guard !isNoted() else { return }
            let next = Project(generation: values.generation, all: SecretMask(values.all))
            projects.withLock { $0[project] = next }
        }
    }

    func mask(of project: ProjectID) -> SecretMask { projects.withLock { $0[project]?.all ?? .none } }

    /// For whoever is given the secrets of these names: one mask for all, until another secret is set.
    func mask(of names: [String], in values: SecretValues, _ project: ProjectID) -> SecretMask {
        func known() -> SecretMask? {
            projects.withLock { projects in
                guard let kept = projects[project], kept.generation == values.generation else { return nil }
                return kept.byNames[names]
            }
        }
        if let mask = known() { return mask }
        return changes.withLock { _ in
            if let mask = known() { return mask }
            let mask = SecretMask(values.all(of: names))
            projects.withLock { projects in
                guard var kept = projects[project], kept.generation == values.generation else { return }
                projects[project] = nil
                if kept.byNames.count >= Self.maxMasks { kept.byNames = [:] }
                kept.byNames[names] = mask
                projects[project] = kept
            }
            return mask
        }
    }

    /// A line of a connector without the secrets of its project.
    func masked(_ line: LogLine) -> LogLine {
        // The ids of projects may hold slashes, so that more than one may fit.
        let masks = projects.withLock { projects in
            projects.filter { line.instanceName.hasPrefix("\($0.key)/") }.map(\.value.all)
        }
        var line = line
        for mask in masks {
            line.message = mask.masked(line.message, line.isContinued ? [.beginning, .end] : .end)
            line.fieldsJSON = mask.masked(line.fieldsJSON)
        }
        return line
    }
}
