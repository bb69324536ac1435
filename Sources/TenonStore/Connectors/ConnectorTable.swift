internal import Foundation
package import GRDB
package import TenonModel

/// A connector definition.
package struct ConnectorRow: Sendable, Equatable {
    package var id: ConnectorID
    package var name: String
    package var description: String
    package var type: String
    /// The package and range it uses (`http@^1.2`); nil while it is a draft.
    package var package: String?
    /// Sealed.
    package var configuration: [UInt8]
    /// Counts edits, from 1.
    package var version: Int64
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: ConnectorID, name: String, description: String, type: String, createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.type = type
        configuration = []
        version = 1
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    fileprivate init(_ row: Row) {
        self.init(
            id: ConnectorID(row["id"]), name: row["name"], description: row["description"], type: row["type"],
            createdAt: Timestamp(microseconds: row["created_at"]))
        package = row["package"]
        configuration = [UInt8](row["configuration"] as Data)
        version = row["version"]
        updatedAt = Timestamp(microseconds: row["updated_at"])
    }
}

/// The table `connectors`.
package enum ConnectorTable {
    package static func insert(_ connector: ConnectorRow, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO connectors VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                connector.id.rawValue, connector.name, connector.description, connector.type,
                connector.package,
                Data(connector.configuration), connector.version, connector.createdAt.microseconds,
                connector.updatedAt.microseconds,
            ])
    }

    package static func all(in database: Database) throws -> [ConnectorRow] {
        try Row.fetchAll(database, sql: "SELECT * FROM connectors ORDER BY id").map(ConnectorRow.init)
    }

    package static func find(_ id: ConnectorID, in database: Database) throws -> ConnectorRow? {
        try Row.fetchOne(database, sql: "SELECT * FROM connectors WHERE id = ?", arguments: [id.rawValue])
            .map(ConnectorRow.init)
    }
}
