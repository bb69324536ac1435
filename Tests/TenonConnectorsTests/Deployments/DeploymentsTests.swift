internal import Foundation
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonStore
internal import TenonTestKit
internal import Testing

@Suite struct DeploymentsTests {
    private let host: TestRegistry
    private var log: String { host.temporary.file("effects.log") }
    private let project = ProjectID("project-123")

    init() throws {
        host = try TestRegistry()
        try install("ledger") { manifest in
            manifest["configSchema"] = [
                "type": "object", "required": ["path"], "additionalProperties": false,
                "properties": [
                    "path": ["type": "string", "minLength": 1],
                    "delayMs": ["type": "integer", "minimum": 0, "default": 0],
                    "failFirst": ["type": "integer", "default": 0],
                    "options": ["type": "object"],
                    "password": ["type": "string", "secret": true],
                ],
            ]
        }
    }

    private func install(
        _ name: String, _ options: InstallOptions = TestRegistry.allowed,
        change: (inout JSONObject) -> Void = { _ in }
    ) throws {
        let folder = try PackageFolder(change: change)
        _ = try host.registry.install(package: folder.packed(as: name + ".tenon"), options: options)
    }

    private func connector(_ configuration: JSON, package: JSON = "ledger@^1.0") throws -> ConnectorRecord {
        try host.deployments.createConnector([
            "name": "Ledger", "description": "A log", "type": "action", "configuration": configuration,
            "package": package,
        ])
    }

    private func deploy(
        _ connector: ConnectorRecord, as integration: String = "ledger", _ configuration: JSON = [:],
        isolation: JSON = .null
    ) throws -> InstanceRecord {
        try host.deployments.deploy(
            connector.id,
            [
                "projectId": "project-123", "integrationId": .string(integration),
                "configuration": configuration,
                "isolation": isolation,
            ])
    }

    private func append(_ instance: DeployedInstance) async -> Bool {
        await withCheckedContinuation { continuation in
            instance.connection.invoke(
                ActionRequest(action: "append", input: Array("{}".utf8), idempotencyKey: "k")
            ) { result in continuation.resume(returning: (try? result.get()) != nil) }
        }
    }

    // MARK: Connectors

    @Test func `a connector without a package takes the one whose schema knows every key`() throws {
        let record = try connector(["path": "/a", "delayMs": 1], package: .null)
        #expect(record.package == "ledger@^1.0.0")
        #expect(record.packageVersion == "1.0.0")
        #expect(record.status == "active")
        #expect(record.json["configuration"] == ["path": "/a", "delayMs": 1])
    }

    @Test func `where none fits the connector is a draft, and all its values are masked`() throws {
        let record = try connector(["host": "db.company.com", "port": 5432], package: .null)
        #expect(record.status == "draft")
        #expect(record.warnings.map(\.code) == ["connector.unbound"])
        #expect(
            try host.deployments.connector(record.id).json["configuration"] == [
                "host": "********", "port": "********",
            ])
        #expect(failure { _ = try deploy(record) }?.code == .connectorUnbound)
    }

    @Test func `where several fit the warning names them`() throws {
        try install("other") { manifest in
            manifest["name"] = "other"
            manifest["configSchema"] = ["type": "object", "properties": ["path": ["type": "string"]]]
        }
        let record = try connector(["path": "/a"], package: .null)
        #expect(record.warnings.first?.message.contains("ledger, other") == true)
    }

    @Test func `a package that describes some keys and takes the others fits where none knows them all`()
        throws
    {
        try install("web") { manifest in
            manifest["name"] = "web"
            manifest["configSchema"] = [
                "type": "object",
                "properties": ["baseUrl": ["type": "string"], "timeout": ["type": "integer"]],
                "additionalProperties": ["type": ["string", "number", "boolean"]],
            ]
        }
        let record = try connector(
            ["baseUrl": "https://api", "version": "v2", "timeout": 30_000], package: .null)
        #expect(record.package == "web@^1.0.0")
    }

    @Test func `connectors are listed, by type too`() throws {
        let record = try connector(["path": "/a"])
        #expect(try host.deployments.connectors(type: nil).map(\.id) == [record.id])
        #expect(try host.deployments.connectors(type: "source").isEmpty)
        #expect(
            failure { _ = try host.deployments.connector(ConnectorID("none")) }?.code == .connectorNotFound)
    }

    @Test func `mistakes in a connector's body are named with their places`() {
        let error = failure {
            _ = try host.deployments.createConnector(["name": "", "type": "sink", "confguration": [:]])
        }
        #expect(error?.code == .connectorInvalid)
        #expect(
            error?.fields.map(\.pointer).sorted() == ["/confguration", "/name", "/type"])
        let missing = failure { _ = try connector(["path": "/a"], package: "ledger@^9") }
        #expect(missing?.code == .connectorPackage)
    }

    // MARK: Deploying

    @Test func `deploying lays one configuration over the other, fills in defaults and starts the instance`()
        async throws
    {
        let base = try connector(["path": "/nowhere", "options": ["a": 1, "b": 2]])
        let record = try deploy(base, ["path": .string(log), "options": ["b": 3]])
        #expect(record.status == .ready)
        #expect(
            record.json["configuration"] == [
                "path": .string(log), "options": ["a": 1, "b": 3], "delayMs": 0, "failFirst": 0,
            ])
        #expect(record.json["package"]?["version"] == "1.0.0")
        #expect(record.json["package"]?["pin"] == "^1.0")
        #expect(await append(try host.deployments.deployed(project, IntegrationID("ledger"))))
        #expect(FileManager.default.contents(atPath: log)?.isEmpty == false)
    }

    @Test func `a configuration that does not fit is refused with pointers and leaves nothing behind`() throws
    {
        let base = try connector([:])
        let error = failure { _ = try deploy(base, ["delayMs": -1, "pasword": "hunter2"]) }
        #expect(error?.code == .configurationInvalid)
        #expect(
            error?.fields.map { "\($0.pointer): \($0.message)" }.sorted() == [
                "/configuration/delayMs: must be at least 0",
                "/configuration/pasword: is not a known property; did you mean \"password\"?",
                "/configuration/path: is required",
            ])
        #expect(host.deployments.instances(project: nil).isEmpty)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func `secrets are masked in every answer and lie sealed in the data directory`() throws {
        let base = try connector(["path": .string(log), "password": "correct horse"])
        let record = try deploy(base, ["password": "battery staple"])
        let answers = [
            base.json, record.json, try host.deployments.connector(base.id).json,
            try host.deployments.instance(record.id).json,
        ]
        for answer in answers {
            #expect(answer["configuration"]?["password"] == "********")
            #expect(!answer.text.contains("horse") && !answer.text.contains("staple"))
        }
        for name in ["tenon.db", "tenon.db-wal"] {
            let bytes = FileManager.default.contents(atPath: "\(host.store.directory)/\(name)") ?? Data()
            #expect(bytes.range(of: Data("correct horse".utf8)) == nil)
            #expect(bytes.range(of: Data("battery staple".utf8)) == nil)
        }
        let key = try FileManager.default.attributesOfItem(atPath: host.store.directory + "/keys/master.key")
        #expect(key[.posixPermissions] as? Int == 0o600)
    }

    @Test func `an integration id that is taken is refused with the instance that has it`() throws {
        let base = try connector(["path": .string(log)])
        let first = try deploy(base)
        let error = failure { _ = try deploy(base) }
        #expect(error?.code == .deployTaken)
        #expect(error?.context["instance.id"] == first.id.rawValue)
        #expect(try deploy(base, as: "another").status == .ready)
    }

    @Test func `an instance that cannot start is made all the same, and says why`() throws {
        let folder = try PackageFolder(library: "misbehave")
        _ = try host.registry.install(package: folder.packed(), options: TestRegistry.allowed)
        let base = try connector(["failIn": "open"], package: "misbehave")
        let record = try deploy(base)
        #expect(record.status.rawName == "failed")
        #expect(!record.reason.isEmpty)
        #expect(try host.deployments.instance(record.id).status.rawName == "failed")
    }

    @Test func `what was never deployed is said so, with the command that helps`() {
        let error = failure { _ = try host.deployments.deployed(project, IntegrationID("erp")) }
        #expect(error?.code == .integrationNotDeployed)
        #expect(error?.message.contains("tenon deploy") == true)
    }

    @Test func `running in the host needs an administrator's listing`() async throws {
        let base = try connector(["path": .string(log)])
        #expect(failure { _ = try deploy(base, isolation: "host") }?.code == .instanceHostNotAllowed)
        var options = TestRegistry.allowed
        options.inHost = true
        options.allowDowngrade = true
        try install("ledger-2", options) { $0["version"] = "1.1.0" }
        let record = try deploy(base, isolation: "host")
        #expect(record.isolation == .host && record.status == .ready)
        #expect(await append(try host.deployments.deployed(project, IntegrationID("ledger"))))
    }

    // MARK: Life

    @Test func `instances start again with the host, and one that cannot does not stop the others`()
        async throws
    {
        let base = try connector(["path": .string(log)])
        _ = try deploy(base)
        _ = try deploy(base, as: "moved")
        try host.store.write { database in
            let rows = try InstanceTable.all(in: database)
            guard var moved = rows.last else { return }
            try InstanceTable.remove(moved.id, in: database)
            // Sealed for another owner: it cannot be opened.
            moved.configuration = rows.first?.configuration ?? []
            try InstanceTable.insert(moved, in: database)
        }
        try host.restart()
        host.deployments.startAll()
        let records = host.deployments.instances(project: project)
        #expect(records.map(\.status.rawName).sorted() == ["failed", "ready"])
        #expect(records.first { $0.status != .ready }?.reason.contains("keys/master.key") == true)
        #expect(await append(try host.deployments.deployed(project, IntegrationID("ledger"))))
    }

    @Test func `a package that an instance runs cannot be removed, and can once the instance is gone`() throws
    {
        let record = try deploy(connector(["path": .string(log)]))
        #expect(failure { try host.registry.remove("ledger", version: "1.0.0") }?.code == .packageInUse)
        try host.deployments.remove(record.id)
        #expect(failure { _ = try host.deployments.instance(record.id) }?.code == .instanceNotFound)
        #expect(failure { _ = try host.deployments.deployed(project, IntegrationID("ledger")) } != nil)
        try host.registry.remove("ledger", version: "1.0.0")
    }

    @Test func `making, deploying and removing are audited in one unbroken chain`() throws {
        let record = try deploy(connector(["path": .string(log)]))
        try host.deployments.remove(record.id)
        let rows = try host.store.read { try AuditTable.all(in: $0) }
        #expect(
            rows.map(\.action) == [
                "package.install-unsigned", "connector.create", "instance.deploy", "instance.remove",
            ])
        #expect(rows.last?.beforeDigest == rows[2].afterDigest)
        #expect(AuditLog.firstBreak(in: rows) == nil)
    }

    @Test func `a check asks the connector and its answer is kept`() throws {
        let record = try deploy(connector(["path": .string(log)]))
        let checked = try host.deployments.check(record.id)
        #expect(checked.status == .ready)
        #expect(checked.checks.allSatisfy { $0["ok"]?.bool == true })
    }

    @Test func `a key that others can read is refused`() throws {
        let record = try connector(["path": .string(log)])
        let path = host.store.directory + "/keys/master.key"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        try host.restart()
        #expect(failure { _ = try host.deployments.connector(record.id) }?.code == .secretsKey)
        try FileManager.default.removeItem(atPath: path)
        try host.restart()
        #expect(failure { _ = try host.deployments.connector(record.id) }?.code == .secretsKey)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
