import GRDB

/// A `tenon.db` of format 5 with rows, as a host of that time left it behind. Its text stays as it is.
enum Version5Database {
    static func make(at path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { database in
            try database.execute(sql: tables)
            try database.execute(sql: rows)
            try database.execute(sql: "PRAGMA application_id = 1414418254; PRAGMA user_version = 5")
        }
        try queue.close()
    }

    /// Two executions of a trigger, the younger one in the middle of its second step, and a ledger in which two
    /// rows stand for several ticks each.
    private static let rows = """
        INSERT INTO host VALUES (1, 7);
        INSERT INTO definitions VALUES ('workflow', 'w', 'p', 'daily', 2, 10, 20);
        INSERT INTO definition_versions VALUES ('workflow', 'w', 1, '{}', 10), ('workflow', 'w', 2, '{}', 20);
        INSERT INTO executions VALUES
            (1, 'e1', 'workflow', 'w', 1, 'p', 'strict', 1, 6, 'completed', '{}', '{"status":"completed"}',
                NULL, NULL, NULL, 1000, 1001, 1002),
            (2, 'e2', 'workflow', 'w', 2, 'p', 'relaxed', 1, 7, 'running', '{}', '{"status":"running"}',
                NULL, NULL, NULL, 5000, 5001, NULL);
        INSERT INTO steps VALUES
            (1, 0, 1, 6, 'completed', 1, NULL, '1', NULL, 1001, 1002),
            (2, 0, 1, 7, 'completed', 1, NULL, 'blob:d', NULL, 5001, 5002),
            (2, 1, 1, 7, 'running', 1, 'write', NULL, NULL, 5002, NULL);
        INSERT INTO blobs VALUES ('d', x'7b7d');
        INSERT INTO idempotency_keys VALUES ('s', 'k', 'e1', 1000);
        INSERT INTO secrets VALUES ('p', 'token', x'0102', 10, 20);
        INSERT INTO trigger_state VALUES
            ('t', '@every 1s', 6000, 1, 7, 5000, 'e2'), ('u', '@daily', 900, 0, 7, NULL, NULL);
        INSERT INTO trigger_ledger (number, trigger_id, tick, tick_count, kind, definition_id, project_id,
            outcome, reason, detail, execution_id, origin, first_tick, recorded_at)
        VALUES
            (1, 't', 1000, 1, 'workflow', 'w', 'p', 'fired', NULL, NULL, 'e1', 'schedule', 1000, 1000),
            (2, 't', 4000, 1, 'workflow', 'w', 'p', 'skipped', 'paused', NULL, NULL, 'schedule', 4000, 4000),
            (3, 't', 4000, 3, 'workflow', 'w', 'p', 'skipped', 'misfire', NULL, NULL, 'schedule', 2000, 4000),
            (4, 't', 5000, 1, 'workflow', 'w', 'p', 'fired', NULL, NULL, 'e2', 'catch-up', 5000, 5000),
            (5, 't', 6000, 2, 'workflow', 'w', 'p', 'skipped', 'overlap', NULL, NULL, 'schedule', 5500, 6000);
        INSERT INTO trigger_queue VALUES ('u', 800, 'schedule');
        """

    private static let tables = """
        CREATE TABLE host (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL) STRICT;
        CREATE TABLE packages (
            digest TEXT PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, manifest TEXT NOT NULL,
            library_path TEXT NOT NULL, library_digest TEXT NOT NULL, byte_count INTEGER NOT NULL,
            signer TEXT, installed_at INTEGER NOT NULL, installed_by TEXT NOT NULL, UNIQUE (name, version)
        ) STRICT;
        CREATE TABLE in_host (
            library_digest TEXT PRIMARY KEY, listed_at INTEGER NOT NULL, listed_by TEXT NOT NULL
        ) STRICT;
        CREATE TABLE connectors (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL,
            package TEXT,
            configuration BLOB NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE instances (
            id TEXT PRIMARY KEY, connector_id TEXT NOT NULL REFERENCES connectors (id),
            project_id TEXT NOT NULL, integration_id TEXT NOT NULL, pin TEXT NOT NULL,
            package_digest TEXT NOT NULL REFERENCES packages (digest),
            isolation TEXT NOT NULL, configuration BLOB NOT NULL, checks TEXT NOT NULL,
            created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, epoch INTEGER NOT NULL,
            UNIQUE (project_id, integration_id)
        ) STRICT;
        CREATE TABLE instance_state (
            instance_id TEXT NOT NULL REFERENCES instances (id) ON DELETE CASCADE, key TEXT NOT NULL,
            value BLOB NOT NULL, PRIMARY KEY (instance_id, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
            subject TEXT NOT NULL, before_digest TEXT, after_digest TEXT, previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TABLE definitions (
            kind TEXT NOT NULL, id TEXT NOT NULL, project_id TEXT NOT NULL, name TEXT NOT NULL,
            version INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
            PRIMARY KEY (kind, id), UNIQUE (kind, project_id, name)
        ) STRICT;
        CREATE TABLE definition_versions (
            kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
            created_at INTEGER NOT NULL, PRIMARY KEY (kind, id, version),
            FOREIGN KEY (kind, id) REFERENCES definitions (kind, id)
        ) STRICT;
        CREATE TABLE executions (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            definition_id TEXT NOT NULL, definition_version INTEGER NOT NULL, project_id TEXT NOT NULL,
            durability TEXT NOT NULL,
            format INTEGER NOT NULL, epoch INTEGER NOT NULL, status TEXT NOT NULL, context TEXT NOT NULL,
            state TEXT, error TEXT, records_processed INTEGER, stages TEXT, created_at INTEGER NOT NULL,
            started_at INTEGER, finished_at INTEGER
        ) STRICT;
        CREATE INDEX executions_by_definition ON executions (kind, definition_id);
        CREATE INDEX executions_by_project ON executions (project_id);
        CREATE INDEX executions_unfinished ON executions (epoch) WHERE finished_at IS NULL;
        CREATE TABLE steps (
            execution INTEGER NOT NULL, step INTEGER NOT NULL, format INTEGER NOT NULL,
            epoch INTEGER NOT NULL, status TEXT NOT NULL, attempt INTEGER NOT NULL,
            effect TEXT, output TEXT, detail TEXT,
            started_at INTEGER, finished_at INTEGER, PRIMARY KEY (execution, step)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pipeline_checkpoints (
            execution INTEGER PRIMARY KEY, format INTEGER NOT NULL, epoch INTEGER NOT NULL,
            request TEXT NOT NULL, schema TEXT NOT NULL, sequence INTEGER NOT NULL,
            checkpoint BLOB NOT NULL,
            recorded_at INTEGER NOT NULL
        , source TEXT NOT NULL DEFAULT '{}', counts TEXT NOT NULL DEFAULT '{}',
            previous_sequence INTEGER NOT NULL DEFAULT 0, previous_checkpoint BLOB NOT NULL DEFAULT x'',
            previous_counts TEXT NOT NULL DEFAULT '{}', is_final INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE idempotency_keys (
            scope TEXT NOT NULL, key TEXT NOT NULL, execution_id TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE blobs (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        CREATE TABLE secrets (
            project_id TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL, PRIMARY KEY (project_id, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE trigger_state (
            id TEXT PRIMARY KEY, schedule TEXT NOT NULL, handled_at INTEGER NOT NULL,
            is_paused INTEGER NOT NULL, epoch INTEGER NOT NULL
        , last_tick INTEGER, last_execution TEXT) STRICT, WITHOUT ROWID;
        CREATE TABLE trigger_ledger (
            number INTEGER PRIMARY KEY, trigger_id TEXT NOT NULL, tick INTEGER NOT NULL,
            tick_count INTEGER NOT NULL, is_summary INTEGER NOT NULL AS (tick_count > 1) STORED,
            kind TEXT NOT NULL, definition_id TEXT NOT NULL, project_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            reason TEXT, detail TEXT, execution_id TEXT, origin TEXT NOT NULL,
            first_tick INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL, UNIQUE (trigger_id, tick, is_summary)
        ) STRICT;
        CREATE INDEX trigger_ledger_by_execution ON trigger_ledger (execution_id)
            WHERE execution_id IS NOT NULL;
        CREATE TABLE trigger_queue (
            trigger_id TEXT NOT NULL, tick INTEGER NOT NULL, origin TEXT NOT NULL,
            PRIMARY KEY (trigger_id, tick)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX trigger_ledger_by_trigger ON trigger_ledger (trigger_id, outcome);
        CREATE INDEX trigger_ledger_by_definition ON trigger_ledger (definition_id, outcome);
        CREATE INDEX trigger_ledger_by_project ON trigger_ledger (project_id, outcome);
        CREATE INDEX trigger_ledger_by_outcome ON trigger_ledger (outcome);
        """
}
