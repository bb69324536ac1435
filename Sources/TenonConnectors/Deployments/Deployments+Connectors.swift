internal import TenonVersion
package import TenonJSON
package import TenonModel
internal import TenonSchema
internal import TenonStore

/// Connector definitions.
extension Deployments {
    /// Makes a connector of `{name, description, type, configuration, package?}`. Without a package, the one
    /// whose schema
    /// knows every key is taken; where none or several do, the connector is a draft and a warning says which.
    package func createConnector(_ body: JSON, actor: String = "admin") throws(TenonError) -> ConnectorRecord
    {
        var reader = DocumentReader(
            body, allowed: ["name", "description", "type", "configuration", "package"],
            code: .connectorInvalid)
        let name = reader.name("name")
        let description = reader.text("description") ?? ""
        let type = reader.text("type")
        if let type, Manifest.Kind(rawValue: type) == nil {
            reader.refuse("type", "must be one of source, target, bidirectional, action")
        }
        let configuration = reader.members("configuration")
        let package = reader.text("package")
        try reader.finish("connector")

        var row = ConnectorRow(
            id: ConnectorID(newID()), name: name, description: description, type: type ?? "",
            createdAt: time.now())
        let bound = try bind(package, configuration)
        row.package = bound.package?.description
        if row.type.isEmpty { row.type = bound.record?.manifest.type.rawValue ?? "bidirectional" }
        row.configuration = try sealed(configuration, owner: row.id.rawValue)
        try insert(row, actor: actor)
        var record = try self.record(of: row)
        record.warnings = bound.warnings
        return record
    }

    private struct Binding {
        var package: PackageReference?
        var record: PackageRecord?
        var warnings: [DefinitionWarning] = []
    }

    private func bind(_ package: String?, _ configuration: JSON) throws(TenonError) -> Binding {
        if let package {
            let reference = try reference(package)
            let record = try resolve(reference)
            return Binding(package: reference, record: record)
        }
        switch ConnectorBinding.choose(for: configuration, among: try registry.packages()) {
        case .package(let record):
            return Binding(package: PackageReference("\(record.name)@^\(record.version)"), record: record)
        case .candidates(let names):
            let message =
                names.isEmpty
                ? "No installed package knows every key of the configuration. Install one, or name one with \"package\" "
                    + "when deploying."
                : "The packages \(names.joined(separator: ", ")) all fit the configuration. Name one with \"package\" "
                    + "when deploying."
            return Binding(warnings: [
                DefinitionWarning(
                    code: ErrorCode.connectorUnbound.rawValue, message: message, pointer: "/package")
            ])
        }
    }

    func reference(_ text: String) throws(TenonError) -> PackageReference {
        if let reference = PackageReference(text) { return reference }
        let message = "must be a package such as http@^1.2"
        throw TenonError(
            .connectorPackage, "\"\(text)\" \(message).",
            fields: [FieldError(pointer: "/package", message: message, code: .connectorPackage)])
    }

    /// The installed package that a reference means now.
    func resolve(_ reference: PackageReference) throws(TenonError) -> PackageRecord {
        do throws(TenonError) {
            return try registry.package(reference.name, version: reference.range.description)
        } catch {
            guard error.code == .packageNotFound else { throw error }
            throw TenonError(
                .connectorPackage, error.message,
                fields: [FieldError(pointer: "/package", message: error.message, code: .connectorPackage)])
        }
    }

    private func insert(_ row: ConnectorRow, actor: String) throws(TenonError) {
        try store.write { database in
            try ConnectorTable.insert(row, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(
                    for: AuditLog.Change(
                        actor: actor, action: "connector.create", subject: row.id.rawValue,
                        afterDigest: row.digest),
                    after: $0, at: row.createdAt)
            }
        }
    }

    package func connectors(type: String?) throws(TenonError) -> [ConnectorRecord] {
        let rows = try store.read { try ConnectorTable.all(in: $0) }
        var records: [ConnectorRecord] = []
        for row in rows where type == nil || row.type == type { records.append(try record(of: row)) }
        return records
    }

    package func connector(_ id: ConnectorID) throws(TenonError) -> ConnectorRecord {
        try record(of: row(id))
    }

    func row(_ id: ConnectorID) throws(TenonError) -> ConnectorRow {
        guard let row = try store.read({ try ConnectorTable.find(id, in: $0) }) else {
            throw TenonError(
                .connectorNotFound, "There is no connector \(id). GET /connectors lists those there are.")
        }
        return row
    }

    /// With secrets masked by the package's schema, or with everything masked where no schema is known.
    private func record(of row: ConnectorRow) throws(TenonError) -> ConnectorRecord {
        let configuration = try opened(row.configuration, owner: row.id.rawValue)
        let package = row.package.flatMap(PackageReference.init)
        let installed = try package.flatMap { (reference) throws(TenonError) in
            try registry.installed(reference.name, reference.range)
        }
        let masked = installed?.manifest.configuration.masked(configuration) ?? configuration.fullyMasked
        var record = ConnectorRecord(row, configuration: masked)
        record.packageVersion = installed?.version.description
        return record
    }
}
