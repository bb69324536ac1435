package import TenonJSON
package import TenonModel
internal import TenonStore

/// A connector definition as the API shows it.
package struct ConnectorRecord: Sendable {
    package var id: ConnectorID
    package var name: String
    package var description: String
    package var type: String
    /// Secrets masked; without a package, everything.
    package var configuration: JSON
    /// The package and range it uses; nil while it is a draft.
    package var package: String?
    /// The installed version that this means now.
    package var packageVersion: String?
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var warnings: [DefinitionWarning]

    init(_ row: ConnectorRow, configuration: JSON) {
        id = row.id
        name = row.name
        description = row.description
        type = row.type
        self.configuration = configuration
        package = row.package
        version = row.version
        createdAt = row.createdAt
        updatedAt = row.updatedAt
        warnings = []
    }

    /// `draft` until it has a package.
    package var status: String { package == nil ? "draft" : "active" }

    package var json: JSON {
        var object: JSONObject = [
            "id": .string(id.rawValue), "name": .string(name), "description": .string(description),
            "type": .string(type), "configuration": configuration,
            "package": package.map(JSON.string) ?? .null,
            "packageVersion": packageVersion.map(JSON.string) ?? .null, "status": .string(status),
            "version": .int(version), "createdAt": .string(createdAt.iso8601),
            "updatedAt": .string(updatedAt.iso8601),
        ]
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map(\.json)) }
        return .object(object)
    }
}
