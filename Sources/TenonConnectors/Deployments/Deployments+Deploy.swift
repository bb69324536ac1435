internal import Crypto
internal import TenonVersion
package import TenonJSON
package import TenonModel
internal import TenonSchema
internal import TenonStore

/// Making instances of connectors.
extension Deployments {
    private struct Request {
        var project: ProjectID
        var integration: IntegrationID
        var configuration: JSON
        var package: String?
        var isolation: Isolation?
    }

    /// Deploys a connector as `{projectId, integrationId, configuration, package?, isolation?}`, starts it
    /// and checks it. The
    /// instance is made also where its start or its check fails; its status says so.
    package func deploy(
        _ id: ConnectorID, _ body: JSON, actor: String = "admin"
    ) throws(TenonError) -> InstanceRecord {
        let request = try Self.request(body)
        let connector = try row(id)
        let reference = try packageReference(request, connector)
        let package = try resolve(reference)
        let base = try opened(connector.configuration, owner: connector.id.rawValue)
        let configuration = try Self.checked(base.merged(with: request.configuration), by: package.manifest)

        var row = InstanceRow(
            id: InstanceID(newID()), connectorID: id, projectID: request.project,
            integrationID: request.integration)
        row.pin = reference.range.description
        row.packageDigest = package.digest
        row.isolation = try isolation(request, package).rawValue
        row.configuration = try sealed(configuration, owner: row.id.rawValue)
        row.createdAt = time.now()
        row.updatedAt = row.createdAt
        row.epoch = store.epoch
        try insert(row, actor: actor)
        let live = add(row, package, configuration: configuration)
        live.start()
        if live.isRunning { try recordCheck(of: live) }
        return live.record
    }

    private static func request(_ body: JSON) throws(TenonError) -> Request {
        var reader = DocumentReader(
            body, allowed: ["projectId", "integrationId", "configuration", "package", "isolation"],
            code: .connectorInvalid)
        let isolation = reader.text("isolation")
        if let isolation, Isolation(rawValue: isolation) == nil {
            reader.refuse("isolation", "must be cell or host")
        }
        let request = Request(
            project: ProjectID(reader.name("projectId")),
            integration: IntegrationID(reader.name("integrationId")),
            configuration: reader.members("configuration"), package: reader.text("package"),
            isolation: isolation.flatMap(Isolation.init))
        try reader.finish("deployment")
        return request
    }

    private func packageReference(
        _ request: Request, _ connector: ConnectorRow
    ) throws(TenonError) -> PackageReference {
        if let text = request.package ?? connector.package { return try reference(text) }
        throw TenonError(
            .connectorUnbound,
            "The connector \(connector.name) has no package yet. Name one, such as \"package\": \"http@^1.2\".",
            fields: [FieldError(pointer: "/package", message: "is required", code: .connectorUnbound)])
    }

    /// With defaults filled in. Pointers lead into the request.
    private static func checked(_ configuration: JSON, by manifest: Manifest) throws(TenonError) -> JSON {
        let schema = manifest.configuration
        let filled = schema.fillingDefaults(in: configuration)
        let problems = schema.problems(in: filled, at: JSONPointer(["configuration"]))
        guard problems.isEmpty else {
            throw TenonError(
                .configurationInvalid,
                "The configuration does not fit \(manifest.name) \(manifest.version). Correct the places shown; "
                    + "`tenon connector show \(manifest.name)` lists what there is.",
                fields: problems.map {
                    FieldError(pointer: $0.pointer, message: $0.message, code: .configurationInvalid)
                })
        }
        return filled
    }

    private func isolation(_ request: Request, _ package: PackageRecord) throws(TenonError) -> Isolation {
        switch request.isolation {
        case .host where !package.mayRunInHost: throw hostNotAllowed(package)
        case let isolation?: return isolation
        case nil: return package.mayRunInHost && package.manifest.isolation == "host" ? .host : .cell
        }
    }

    private func insert(_ row: InstanceRow, actor: String) throws(TenonError) {
        try store.write { database in
            if let taken = try InstanceTable.find(row.projectID, row.integrationID, in: database) {
                throw TenonError(
                    .deployTaken,
                    "\(row.integrationID) is deployed in \(row.projectID) already, as the instance \(taken.id). Upgrade "
                        + "that instance, remove it first, or choose another integrationId.",
                    context: ["instance.id": taken.id.rawValue])
            }
            try InstanceTable.insert(row, in: database)
            try AuditTable.append(in: database) {
                AuditLog.entry(
                    for: AuditLog.Change(
                        actor: actor, action: "instance.deploy", subject: row.subject, afterDigest: row.digest
                    ),
                    after: $0, at: row.createdAt)
            }
        }
    }
}

extension JSON {
    /// The members of both objects; where both have one, `other` wins, objects member by member.
    fileprivate func merged(with other: JSON) -> JSON {
        guard case .object(var result) = self, case .object(let other) = other else { return other }
        for member in other { result[member.key] = (result[member.key] ?? .null).merged(with: member.value) }
        return .object(result)
    }
}

extension InstanceRow {
    var subject: String { "\(projectID)/\(integrationID)" }

    /// Of what was deployed; the sealed configuration gives nothing away.
    var digest: String {
        HexText.encode(
            SHA256.hash(data: Array("\(packageDigest.rawValue) \(pin) \(isolation) ".utf8) + configuration))
    }
}

extension LiveInstance {
    var subject: String { row.subject }
}

extension ConnectorRow {
    var digest: String {
        HexText.encode(SHA256.hash(data: Array("\(name) \(type) \(package ?? "") ".utf8) + configuration))
    }
}
