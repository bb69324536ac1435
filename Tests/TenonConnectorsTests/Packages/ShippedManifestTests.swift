internal import Foundation
internal import TenonConnectors
internal import TenonJSON
internal import TenonModel
internal import TenonSchema
internal import Testing

/// The manifests of this repository's own connectors.
@Suite struct ShippedManifestTests {
    static let paths = ["Plugins", "Tests/Fixtures/Connectors"].flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            .map { "\(folder)/\($0)/connector.json" }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }

    private func manifest(_ path: String) throws -> Manifest {
        try Manifest.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test(arguments: paths) func `a manifest in this repository is sound`(path: String) throws {
        _ = try manifest(path)
    }

    @Test(arguments: paths) func `the examples of a manifest fit its schema`(path: String) throws {
        let manifest = try manifest(path)
        for example in manifest.json["examples"]?.array ?? [] {
            let configuration = manifest.configuration.fillingDefaults(in: example["configuration"] ?? [:])
            #expect(manifest.configuration.problems(in: configuration) == [], "\(example.text)")
        }
    }

    @Test func `the specification's HTTP example binds to the http connector, its database example does not`()
        throws
    {
        let host = try TestRegistry()
        let folder = try PackageFolder { manifest in
            let bytes = FileManager.default.contents(atPath: "Plugins/Http/connector.json") ?? Data()
            let http = (try? JSONParser.parse([UInt8](bytes)))?.object
            manifest["name"] = "http"
            manifest["configSchema"] = http?["configSchema"]
        }
        _ = try host.registry.install(package: folder.packed(), options: TestRegistry.allowed)
        let body = { (configuration: JSON) -> JSON in
            ["name": "Connector", "type": "bidirectional", "configuration": configuration]
        }
        let api = try host.deployments.createConnector(
            body(["baseUrl": "https://api.company.com", "version": "v2", "timeout": 30_000]))
        #expect(api.package?.hasPrefix("http@") == true)
        let database = try host.deployments.createConnector(
            body(["host": "db.company.com", "port": 5432, "database": "engineering", "ssl": true]))
        #expect(database.status == "draft")
    }
}
