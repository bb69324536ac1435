internal import GRDB
internal import TenonModel

/// One step of the database's growth. Released migrations never change; new ones are appended.
struct Migration: Sendable {
    let name: String
    let statements: [String]
}

/// The tables of `tenon.db`. `user_version` counts the migrations that ran.
enum Schema {
    /// "TNON": tells Tenon's databases from others.
    static let applicationID: Int32 = 0x544E_4F4E

    static let migrations = [
        Migration(
            name: "first light",
            statements: hostTables + ConnectorSchema.statements + ExecutionSchema.statements),
        Migration(name: "pipelines go on", statements: ExecutionSchema.resumption),
        Migration(name: "secrets", statements: SecretTable.statements),
        Migration(name: "triggers", statements: TriggerSchema.statements),
        Migration(name: "pages of the trigger ledger", statements: TriggerSchema.pages),
        Migration(name: "replaced secrets", statements: ReplacedSecretTable.statements),
        Migration(name: "the trigger ledger by tick", statements: TriggerSchema.byTick),
    ]

    private static let hostTables = [
        "CREATE TABLE host (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL) STRICT",
        "INSERT INTO host (id, epoch) VALUES (1, 0)",
    ]

    /// Refuses a database that this host must not touch; changes nothing.
    static func check(_ database: Database) throws {
        let tableCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard tableCount == 0 || application == applicationID else {
            throw TenonError(
                .storeCorrupt,
                "tenon.db is not a Tenon database. Choose another --data, or move the file away.")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= migrations.count else {
            throw TenonError(
                .storeNewer,
                "tenon.db has format \(version); this host knows formats up to \(migrations.count). "
                    + "Start the newer version of Tenon that wrote it.")
        }
    }

    /// Runs the migrations that are missing, each in a transaction of its own.
    static func migrate(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        for (index, migration) in migrations.enumerated().dropFirst(version) {
            try database.inTransaction(.immediate) {
                for statement in migration.statements { try database.execute(sql: statement) }
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(index + 1)")
                return .commit
            }
        }
    }
}
