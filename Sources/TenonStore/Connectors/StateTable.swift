internal import Foundation
package import GRDB
package import TenonModel

/// The table `instance_state`: small values that instances keep (`tenon.state/1`).
package enum StateTable {
    package static func get(_ instance: InstanceID, _ key: String, in database: Database) throws -> [UInt8]? {
        try Data.fetchOne(
            database, sql: "SELECT value FROM instance_state WHERE instance_id = ? AND key = ?",
            arguments: [instance.rawValue, key]
        ).map { [UInt8]($0) }
    }

    package static func put(
        _ instance: InstanceID, _ key: String, _ value: [UInt8], in database: Database
    ) throws {
        try database.execute(
            sql:
                "INSERT INTO instance_state VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            arguments: [instance.rawValue, key, Data(value)])
    }

    package static func remove(_ instance: InstanceID, _ key: String, in database: Database) throws {
        try database.execute(
            sql: "DELETE FROM instance_state WHERE instance_id = ? AND key = ?",
            arguments: [instance.rawValue, key])
    }

    package static func count(of instance: InstanceID, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT count(*) FROM instance_state WHERE instance_id = ?",
            arguments: [instance.rawValue]) ?? 0
    }
}
