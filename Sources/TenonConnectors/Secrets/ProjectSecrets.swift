internal import Synchronization
internal import TenonJSON
package import TenonModel
internal import TenonStore

/// The secrets of all projects: named texts that only the inputs of connectors may hold. In the database they
/// are sealed; nothing but `values` gives them out.
package final class ProjectSecrets: Sendable {
    private struct Opened {
        var values: [ProjectID: SecretValues] = [:]
        var lastGeneration: UInt64 = 0
    }

    let deployments: Deployments
    private let opened = Mutex(Opened())

    package init(_ deployments: Deployments) { self.deployments = deployments }

    var store: Store { deployments.store }

    /// Stores a secret or gives it another value. Throws `secret.name-invalid`, `secret.value-invalid`,
    /// `secret.too-many`.
    package func set(
        _ name: String, of project: ProjectID, to value: String, actor: String = "admin"
    ) throws(TenonError) -> SecretRecord {
        try SecretRules.check(name: name)
        try SecretRules.check(value: value)
        if let problem = UserGivenText.problem(with: project.rawValue) {
            throw TenonError(.secretNameInvalid, "The id of the project \(problem).")
        }
        let now = deployments.time.now()
        let row = SecretRow(
            project: project, name: name,
            value: try deployments.sealed(.string(value), owner: Self.owner(project, name)), at: now)
        let stored = try store.write { database in
            let earlier = try SecretTable.find(project, name, in: database)
            let count = try SecretTable.count(of: project, in: database)
            guard earlier != nil || count < SecretRules.secretsPerProject else { throw Self.tooMany(project) }
            // Also after a restart it has to be found in what connectors answer that were given it.
            if let earlier {
                let replaced = try ReplacedSecretTable.all(of: project, in: database)
                try ReplacedSecretTable.put(
                    kept(replaced, adding: earlier, now: now, newValue: value), of: project, in: database)
            }
            try AuditTable.append(in: database) {
                AuditLog.entry(for: Self.change("secret.set", project, name, actor), after: $0, at: now)
            }
            return try SecretTable.put(row, in: database)
        }
        opened.withLock { $0.values[project] = nil }
        return SecretRecord(stored)
    }

    /// By name.
    package func list(of project: ProjectID) throws(TenonError) -> [SecretRecord] {
        try store.read { try SecretTable.all(of: project, in: $0) }.map(SecretRecord.init)
    }

    /// Throws `secret.not-found`.
    package func remove(
        _ name: String, of project: ProjectID, actor: String = "admin"
    ) throws(TenonError) {
        let now = deployments.time.now()
        try store.write { database in
            guard let earlier = try SecretTable.find(project, name, in: database) else {
                throw Self.notFound(project)
            }
            let replaced = try ReplacedSecretTable.all(of: project, in: database)
            try ReplacedSecretTable.put(
                kept(replaced, adding: earlier, now: now, newValue: nil), of: project, in: database)
            try SecretTable.remove(project, name, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(for: Self.change("secret.remove", project, name, actor), after: $0, at: now)
            }
        }
        opened.withLock { $0.values[project] = nil }
    }

    /// Values are read anew when they are asked for next.
    func forgetOpened() { opened.withLock { $0.values = [:] } }

    /// Every secret of a project by its name, from memory where they were asked for before. For the inputs of
    /// connectors: whoever takes a value keeps it out of everything that is recorded.
    package func values(of project: ProjectID) throws(TenonError) -> SecretValues {
        // Under the lock, so that no values are kept that were replaced while they were read.
        let outcome = opened.withLock { opened -> Result<SecretValues, TenonError> in
            if let values = opened.values[project] { return .success(values) }
            return Result { () throws(TenonError) in
                var values = try read(project)
                opened.lastGeneration += 1
                values.generation = opened.lastGeneration
                opened.values[project] = values
                return values
            }
        }
        return try outcome.get()
    }

    /// The names of a project's secrets, without opening any.
    package func names(of project: ProjectID) throws(TenonError) -> [String] {
        if let values = opened.withLock({ $0.values[project] }) { return values.current.keys.sorted() }
        return try list(of: project).map(\.name)
    }

    private func read(_ project: ProjectID) throws(TenonError) -> SecretValues {
        var values: SecretValues = [:]
        let now = deployments.time.now()
        let (rows, replaced) = try store.read { database in
            let rows = try SecretTable.all(of: project, in: database)
            return (rows, try ReplacedSecretTable.all(of: project, in: database))
        }
        for row in rows { values.current[row.name] = try opened(row) }
        for (row, value) in kept(replaced, at: now, besides: values.current) {
            if let value { values.replaced[row.name, default: []].append(value) }
        }
        return values
    }

    func opened(_ row: SecretRow) throws(TenonError) -> String {
        try deployments.opened(row.value, owner: Self.owner(row.project, row.name)).string ?? ""
    }

    /// A sealed value is good for this name in this project only: a name holds no slash, so that no two owners
    /// are written the same.
    private static func owner(_ project: ProjectID, _ name: String) -> String {
        "secret \(name)/\(project.rawValue)"
    }

    private static func change(
        _ action: String, _ project: ProjectID, _ name: String, _ actor: String
    ) -> AuditLog.Change {
        AuditLog.Change(actor: actor, action: action, subject: "\(project)/\(name)")
    }

    private static func notFound(_ project: ProjectID) -> TenonError {
        TenonError(
            .secretNotFound,
            "The project \(project) has no secret of that name. `tenon secret list --project \(project)` shows "
                + "those it has.")
    }

    private static func tooMany(_ project: ProjectID) -> TenonError {
        TenonError(
            .secretTooMany,
            "The project \(project) has \(SecretRules.secretsPerProject) secrets already. Remove those that "
                + "nothing uses.")
    }
}
